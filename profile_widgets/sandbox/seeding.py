"""Turn the seed's data into requests to moto's services and into resources of the sandbox's SageMaker."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import quote, urlencode

from profile_widgets.sandbox.exchange import Question
from profile_widgets.sandbox.roles import trust
from profile_widgets.sandbox.seed import identity, network, oddities, storage

SEEDED_AFTER = {"elasticfilesystem": ("ec2",), "fsx": ("ec2",)}
"""The services whose things refer to those of others."""

_VERSIONS = {"iam": "2010-05-08", "ec2": "2016-11-15"}
_TARGETS = {
    "kms": "TrentService",
    "secretsmanager": "secretsmanager",
    "fsx": "AWSSimbaAPIService_v20180301",
}
_REST = {
    ("s3", "CreateBucket"): ("PUT", "/{Bucket}"),
    ("s3", "PutObject"): ("PUT", "/{Bucket}/{Key}"),
    ("elasticfilesystem", "CreateFileSystem"): ("POST", "/2015-02-01/file-systems"),
    ("elasticfilesystem", "CreateAccessPoint"): ("POST", "/2015-02-01/access-points"),
}


@dataclass(frozen=True)
class Step:
    """One request of the seed, and the id that its thing is promised to have."""

    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    promised: str = ""
    found_by: str = ""
    """A regular expression whose first group is moto's id in the answer."""

    def question(self) -> Question:
        """Write the request in its service's protocol."""
        headers = Message()
        headers["Host"] = "127.0.0.1"
        if self.service in _VERSIONS:
            form = {"Action": self.operation, "Version": _VERSIONS[self.service], **self.parameters}
            headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
            return Question("POST", "/", headers, urlencode(form).encode())
        if self.service in _TARGETS:
            headers["X-Amz-Target"] = f"{_TARGETS[self.service]}.{self.operation}"
            headers["Content-Type"] = "application/x-amz-json-1.1"
            return Question("POST", "/", headers, json.dumps(self.parameters).encode())
        method, path = _REST[self.service, self.operation]
        if self.service == "s3":
            names = {name: quote(str(value)) for name, value in self.parameters.items()}
            return Question(method, path.format_map(names), headers, str(self.parameters["Body"]).encode())
        headers["Content-Type"] = "application/json"
        return Question(method, path, headers, json.dumps(self.parameters).encode())


def seed_steps(service: str, region: str) -> Iterator[Step]:
    """Return the requests that seed a service; none for a service that the seed has nothing for."""
    steps = _STEPS.get(service)
    return steps(region) if steps else iter(())


def role_steps(role: Mapping[str, Any]) -> Iterator[Step]:
    """Return the requests that make a role and its inline policies."""
    yield Step(
        "iam",
        "CreateRole",
        {
            "RoleName": role["name"],
            "Path": role.get("path", "/"),
            "Description": role.get("description", ""),
            "AssumeRolePolicyDocument": json.dumps(trust(role["principal"])),
        },
    )
    for name, statement in role.get("policies", {}).items():
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        yield Step("iam", "PutRolePolicy", {"RoleName": role["name"], "PolicyName": name, "PolicyDocument": document})


def odd_steps() -> Iterator[Step]:
    """Return the requests that add the oddities of the other services; ids are moto's own."""
    for group in oddities.SECURITY_GROUPS:
        tags = _named("security-group", group["tag"])
        names = {"GroupName": group["name"], "GroupDescription": group["description"], "VpcId": network.RESEARCH_VPC}
        yield Step("ec2", "CreateSecurityGroup", {**names, **tags})
    for key in oddities.KEYS:
        yield from _key_steps(key)
    for secret in oddities.SECRETS:
        described = {"Name": secret["name"], "Description": secret["description"], "SecretString": "{}"}
        yield Step("secretsmanager", "CreateSecret", described)
    for number, name in enumerate(oddities.FILE_SYSTEM_NAMES):
        tags_ = [{"Key": "Name", "Value": name}]
        yield Step("elasticfilesystem", "CreateFileSystem", {"CreationToken": f"odd-{number}", "Tags": tags_})
        lustre = {"FileSystemType": "LUSTRE", "StorageCapacity": 1200, "SubnetIds": [network.SUBNET_A]}
        yield Step("fsx", "CreateFileSystem", {**lustre, "Tags": tags_})
    for kind in oddities.OTHER_FSX:
        named = {"FileSystemType": kind, "StorageCapacity": 300, "SubnetIds": [network.SUBNET_A]}
        yield Step("fsx", "CreateFileSystem", {**named, "Tags": [{"Key": "Name", "Value": f"odd {kind.lower()}"}]})
    for key_ in oddities.OBJECTS:
        yield Step("s3", "PutObject", {"Bucket": storage.STUDIO_BUCKET, "Key": key_, "Body": ""})


def _iam_steps(_region: str) -> Iterator[Step]:
    yield Step("iam", "CreateUser", {"UserName": identity.CALLER})
    yield Step("iam", "CreateAccountAlias", {"AccountAlias": identity.ACCOUNT_ALIAS})
    for role in identity.ROLES:
        yield from role_steps(role)


def _ec2_steps(region: str) -> Iterator[Step]:
    for vpc in network.VPCS:
        yield Step(
            "ec2",
            "CreateVpc",
            {"CidrBlock": vpc["cidr"], **_named("vpc", vpc["name"])},
            vpc["id"],
            r"<vpcId>(vpc-[0-9a-f]+)</vpcId>",
        )
    for subnet in network.SUBNETS:
        yield Step(
            "ec2",
            "CreateSubnet",
            {
                "VpcId": subnet["vpc"],
                "CidrBlock": subnet["cidr"],
                "AvailabilityZone": region + subnet["zone"],
                **_named("subnet", subnet["name"]),
            },
            subnet["id"],
            r"<subnetId>(subnet-[0-9a-f]+)</subnetId>",
        )
    for group in network.SECURITY_GROUPS:
        yield Step(
            "ec2",
            "CreateSecurityGroup",
            {"GroupName": group["name"], "GroupDescription": group["description"], "VpcId": group["vpc"]},
            group["id"],
            r"<groupId>(sg-[0-9a-f]+)</groupId>",
        )


def _named(kind: str, name: str) -> dict[str, str]:
    return {
        "TagSpecification.1.ResourceType": kind,
        "TagSpecification.1.Tag.1.Key": "Name",
        "TagSpecification.1.Tag.1.Value": name,
    }


def _s3_steps(region: str) -> Iterator[Step]:
    place = "" if region == "us-east-1" else f"<LocationConstraint>{region}</LocationConstraint>"
    namespace = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
    body = f"<CreateBucketConfiguration {namespace}>{place}</CreateBucketConfiguration>" if place else ""
    for bucket in storage.BUCKETS:
        yield Step("s3", "CreateBucket", {"Bucket": bucket.format(region=region), "Body": body})
    for bucket, keys in storage.OBJECTS.items():
        for key in keys:
            yield Step("s3", "PutObject", {"Bucket": bucket.format(region=region), "Key": key, "Body": ""})


def _kms_steps(_region: str) -> Iterator[Step]:
    for key in storage.KEYS:
        yield from _key_steps(key)


def _key_steps(key: Mapping[str, str]) -> Iterator[Step]:
    yield Step("kms", "CreateKey", {"Description": key["description"]}, key["id"], r'"KeyId": ?"([0-9a-f-]{36})"')
    yield Step("kms", "CreateAlias", {"AliasName": key["alias"], "TargetKeyId": key["id"]})


def _secret_steps(_region: str) -> Iterator[Step]:
    for secret in storage.SECRETS:
        yield Step(
            "secretsmanager",
            "CreateSecret",
            {
                "Name": secret["name"],
                "Description": secret["description"],
                "SecretString": "{}",
                "ClientRequestToken": secret["token"],
            },
            f"secret:{secret['name']}-{secret['suffix']}",
            r'"ARN": ?"arn:aws:secretsmanager:[^"]*:(secret:[^"]+)"',
        )


def _efs_steps(_region: str) -> Iterator[Step]:
    for system in storage.EFS_FILE_SYSTEMS:
        yield Step(
            "elasticfilesystem",
            "CreateFileSystem",
            {
                "CreationToken": system["name"],
                "Encrypted": True,
                "Tags": [{"Key": "Name", "Value": system["name"]}],
            },
            system["id"],
            r'"FileSystemId": ?"(fs-[0-9a-f]+)"',
        )


def _fsx_steps(_region: str) -> Iterator[Step]:
    for system in storage.FSX_FILE_SYSTEMS:
        yield Step(
            "fsx",
            "CreateFileSystem",
            {
                "FileSystemType": "LUSTRE",
                "StorageCapacity": system["gib"],
                "SubnetIds": [system["subnet"]],
                "LustreConfiguration": {"DeploymentType": "PERSISTENT_2", "MountName": system["mount"]},
                "Tags": [{"Key": "Name", "Value": system["name"]}],
            },
            system["id"],
            r'"FileSystemId": ?"(fs-[0-9a-f]+)"',
        )


_STEPS: dict[str, Callable[[str], Iterator[Step]]] = {
    "iam": _iam_steps,
    "ec2": _ec2_steps,
    "s3": _s3_steps,
    "kms": _kms_steps,
    "secretsmanager": _secret_steps,
    "elasticfilesystem": _efs_steps,
    "fsx": _fsx_steps,
}
SERVICES = tuple(_STEPS)
"""The services that the seed has something for."""
