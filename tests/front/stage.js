// A page that renders the kit's widgets as anywidget's front end does, with models that keep what a kernel would hear.
window.heard = [];
const models = {};

function model(id, traits) {
  const ears = {}, call = (event, ...said) => (ears[event] ?? []).slice().forEach((ear) => ear(...said));
  const off = (event, ear) => { ears[event] = (ears[event] ?? []).filter((one) => one !== ear); };
  const set = (name, value) => {
    if (JSON.stringify(traits[name]) === JSON.stringify(value)) return;
    traits[name] = value;
    call(`change:${name}`);
  };
  models[id] = {
    id, set, off, call, get: (name) => traits[name], on: (event, ear) => { (ears[event] ??= []).push(ear); }, send: (message) => { window.heard.push(message); },
    save_changes: () => {}, widget_manager: { get_model: async (one) => models[one], create_view: async ({ id: one }) => window.show(one) },
  };
}

window.load = async (sources, widgets) => {
  const module = async (text) => (await import(`data:text/javascript,${encodeURIComponent(text)}`)).default;
  const [loader, ...modules] = await Promise.all(sources.map(module));
  for (const one of modules) one.initialize();
  window.show = async (id) => {
    const el = document.createElement("div"), end = await loader.render({ model: models[id], el });
    return { el, remove() { end?.(); el.remove(); } };
  };
  for (const [id, traits] of Object.entries(widgets)) model(id, traits);
  document.querySelector("main").append((await window.show(Object.keys(widgets)[0])).el);
};
window.tell = (id, traits) => { for (const [name, value] of Object.entries(traits)) models[id].set(name, value); };
window.message = (id, content) => models[id].call("msg:custom", content);
window.trait = (id, name) => models[id].get(name);
