// Voila's front end asks for MathJax 2 from another host at every start. This file answers in its place and sets nothing:
// a formula stays as it was written, and nothing leaves this machine.
window.MathJax = {
  Ajax: {},
  InputJax: { TeX: { resetEquationNumbers() {} } },
  Hub: { config: {}, Config() {}, Configured() {}, Queue() {}, Register: { StartupHook() {} } },
};
