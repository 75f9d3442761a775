"""Examples of the rules about apps: resources, lifecycle configurations, images, idle times."""

from __future__ import annotations

from typing import Any

from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING
from tests.checks.rule_examples import Example, at, create, custom, defaults, image, lifecycle, update, version

PLAN = "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/gpu-week"
IDLE_PATH = "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings"
LAB_SPEC = "JupyterLabAppSettings.DefaultResourceSpec"


def lab(**members: Any) -> dict[str, Any]:
    return {"JupyterLabAppSettings": members}


def spec(**members: Any) -> dict[str, Any]:
    return {"JupyterLabAppSettings": {"DefaultResourceSpec": members}}


def runs(app: str, kind: str) -> dict[str, Any]:
    return {f"{app}AppSettings": {"DefaultResourceSpec": {"InstanceType": kind}}}


def idle(low: int | None = None, timeout: int | None = None, high: int | None = None, **more: Any) -> dict[str, Any]:
    names = ("MinIdleTimeoutInMinutes", "IdleTimeoutInMinutes", "MaxIdleTimeoutInMinutes")
    minutes = {name: each for name, each in zip(names, (low, timeout, high), strict=True) if each is not None}
    return lab(AppLifecycleManagement={"IdleSettings": {"LifecycleManagement": "ENABLED", **minutes, **more}})


def idle_at(severity: str, name: str) -> tuple[str, str]:
    return at(severity, f"{IDLE_PATH}.{name}")


SERVER_LIFECYCLES = {"LifecycleConfigArns": [lifecycle("shutdown")]}
GIT, PIP = lifecycle("lab-git"), lifecycle("lab-pip")
ONLY_TIMEOUT = lab(AppLifecycleManagement={"IdleSettings": {"IdleTimeoutInMinutes": 120}})
STORED_VERSION = spec(SageMakerImageArn=image("torch"), SageMakerImageVersionArn=version("torch"))

EXAMPLES: tuple[Example, ...] = (
    # 1
    create("instance-type-of-app", runs("JupyterServer", "system")),
    create("instance-type-of-app", runs("JupyterLab", "ml.t3.medium")),
    create(
        "instance-type-of-app",
        runs("JupyterServer", "ml.t3.medium"),
        at(ERROR, "JupyterServerAppSettings.DefaultResourceSpec.InstanceType"),
    ),
    create(
        "instance-type-of-app",
        runs("KernelGateway", "system"),
        at(INFORMATION, "KernelGatewayAppSettings.DefaultResourceSpec.InstanceType"),
    ),
    update(
        "instance-type-of-app",
        {"StudioWebPortal": "ENABLED"},
        at(INFORMATION, "JupyterServerAppSettings.DefaultResourceSpec.InstanceType"),
        loaded=runs("JupyterServer", "ml.t3.medium"),
    ),
    update("instance-type-of-app", {"StudioWebPortal": "ENABLED"}, loaded=runs("KernelGateway", "system")),
    # 2
    create(
        "lifecycle-needs-resources",
        {"JupyterServerAppSettings": {**SERVER_LIFECYCLES, "DefaultResourceSpec": {"InstanceType": "system"}}},
    ),
    create("lifecycle-needs-resources", {"JupyterServerAppSettings": {"LifecycleConfigArns": []}}),
    create("lifecycle-needs-resources", lab(**SERVER_LIFECYCLES)),
    *(
        Example(
            "lifecycle-needs-resources",
            {"JupyterServerAppSettings": SERVER_LIFECYCLES},
            (at(ERROR, "JupyterServerAppSettings.LifecycleConfigArns"),),
            operation,
        )
        for operation in ("CreateUserProfile", "UpdateUserProfile")
    ),
    # 3
    create(
        "default-lifecycle-listed", lab(DefaultResourceSpec={"LifecycleConfigArn": GIT}, LifecycleConfigArns=[PIP, GIT])
    ),
    create("default-lifecycle-listed", spec(LifecycleConfigArn=GIT), domain=defaults(**lab(LifecycleConfigArns=[GIT]))),
    create("default-lifecycle-listed", spec(LifecycleConfigArn="None")),
    create(
        "default-lifecycle-listed",
        spec(LifecycleConfigArn=GIT),
        at(WARNING, f"{LAB_SPEC}.LifecycleConfigArn"),
        domain=defaults(**lab(LifecycleConfigArns=[PIP])),
    ),
    create(
        "default-lifecycle-listed",
        lab(DefaultResourceSpec={"LifecycleConfigArn": GIT}, LifecycleConfigArns=[PIP]),
        at(WARNING, f"{LAB_SPEC}.LifecycleConfigArn"),
    ),
    update("default-lifecycle-listed", spec(LifecycleConfigArn=GIT), at(WARNING, f"{LAB_SPEC}.LifecycleConfigArn")),
    # 4
    create("lifecycle-app-type", lab(LifecycleConfigArns=[GIT, PIP], BuiltInLifecycleConfigArn=GIT)),
    create("lifecycle-app-type", lab(LifecycleConfigArns=[GIT]), lifecycle_types={GIT: "JupyterLab"}),
    create(
        "lifecycle-app-type",
        lab(LifecycleConfigArns=["None"], BuiltInLifecycleConfigArn="None"),
    ),
    create(
        "lifecycle-app-type",
        lab(LifecycleConfigArns=[GIT]) | {"CodeEditorAppSettings": {"LifecycleConfigArns": [PIP, GIT]}},
        at(WARNING, "JupyterLabAppSettings.LifecycleConfigArns[0]"),
    ),
    create(
        "lifecycle-app-type",
        lab(LifecycleConfigArns=[GIT]),
        at(WARNING, "JupyterLabAppSettings.LifecycleConfigArns[0]"),
        domain=defaults(CodeEditorAppSettings={"LifecycleConfigArns": [GIT]}),
    ),
    create(
        "lifecycle-app-type",
        {"TensorBoardAppSettings": {"DefaultResourceSpec": {"LifecycleConfigArn": GIT}}},
        at(WARNING, "TensorBoardAppSettings.DefaultResourceSpec.LifecycleConfigArn"),
    ),
    create(
        "lifecycle-app-type",
        lab(BuiltInLifecycleConfigArn=GIT),
        at(WARNING, "JupyterLabAppSettings.BuiltInLifecycleConfigArn"),
        lifecycle_types={GIT: "CodeEditor"},
    ),
    # 5
    create("image-version-wins", spec(SageMakerImageArn=image("torch"))),
    create("image-version-wins", STORED_VERSION),
    create("image-version-wins", spec(SageMakerImageArn=image("torch"), SageMakerImageVersionArn="None")),
    update("image-version-wins", spec(SageMakerImageArn=image("torch")), loaded=STORED_VERSION),
    create(
        "image-version-wins",
        spec(SageMakerImageArn=image("torch"), SageMakerImageVersionArn=version("jax")),
        at(ERROR, f"{LAB_SPEC}.SageMakerImageArn"),
    ),
    update(
        "image-version-wins",
        spec(SageMakerImageArn=image("jax")),
        at(ERROR, f"{LAB_SPEC}.SageMakerImageArn"),
        loaded=STORED_VERSION,
    ),
    create(
        "image-version-wins",
        spec(SageMakerImageArn=image("jax")),
        at(WARNING, f"{LAB_SPEC}.SageMakerImageArn"),
        domain=defaults(**STORED_VERSION),
    ),
    # 6
    create("training-plan-of-app", spec(TrainingPlanArn=PLAN)),
    create("training-plan-of-app", {"KernelGatewayAppSettings": {"DefaultResourceSpec": {"TrainingPlanArn": "None"}}}),
    create(
        "training-plan-of-app",
        {"KernelGatewayAppSettings": {"DefaultResourceSpec": {"TrainingPlanArn": PLAN}}},
        at(WARNING, "KernelGatewayAppSettings.DefaultResourceSpec.TrainingPlanArn"),
    ),
    # 7
    create("custom-images", lab(CustomImages=custom(5))),
    create("custom-images", lab(CustomImages=custom(6)), at(WARNING, "JupyterLabAppSettings.CustomImages")),
    create(
        "custom-images",
        lab(CustomImages=custom(3)) | {"CodeEditorAppSettings": {"CustomImages": custom(3)}},
        at(WARNING, "JupyterLabAppSettings.CustomImages"),
    ),
    create(
        "custom-images",
        lab(CustomImages=[{"ImageName": "torch"}]),
        at(ERROR, "JupyterLabAppSettings.CustomImages[0].AppImageConfigName"),
    ),
    create(
        "custom-images",
        lab(CustomImages=[*custom(1), {"AppImageConfigName": "torch"}]),
        at(ERROR, "JupyterLabAppSettings.CustomImages[1].ImageName"),
    ),
    # 11
    create("idle-times", idle(60, 120, 240)),
    create("idle-times", idle(timeout=525_600)),
    create("idle-times", ONLY_TIMEOUT, domain=defaults(**idle(60, 120, 240))),
    create("idle-times", idle(60, 60, 60), idle_at(INFORMATION, "IdleTimeoutInMinutes")),
    create("idle-times", idle(60, 59, 120), idle_at(ERROR, "IdleTimeoutInMinutes")),
    create("idle-times", idle(120, 60, 240), idle_at(ERROR, "IdleTimeoutInMinutes")),
    create("idle-times", idle(60, 300, 240), idle_at(ERROR, "IdleTimeoutInMinutes")),
    create("idle-times", idle(240, 120, 60), idle_at(ERROR, "MinIdleTimeoutInMinutes")),
    create("idle-times", idle(240, None, 60), idle_at(ERROR, "MinIdleTimeoutInMinutes")),
    create("idle-times", idle(240, 300, 60), idle_at(ERROR, "MinIdleTimeoutInMinutes")),
    create("idle-times", idle(high=525_601), idle_at(ERROR, "MaxIdleTimeoutInMinutes")),
    create("idle-times", ONLY_TIMEOUT, idle_at(WARNING, "IdleTimeoutInMinutes")),
    create("idle-times", idle(60, LifecycleManagement="DISABLED"), idle_at(WARNING, "MinIdleTimeoutInMinutes")),
    create(
        "idle-times",
        idle(timeout=500),
        idle_at(WARNING, "IdleTimeoutInMinutes"),
        domain=defaults(**idle(60, 120, 240)),
    ),
)
