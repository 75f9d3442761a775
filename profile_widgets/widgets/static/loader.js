// What every widget of the kit carries: it finds the renderer of the widget's kind, which the asset widgets bring once per form.
// Nothing waits at module level or in `initialize`: anywidget drops all later updates of a model that is slow to start.
// Here `s` is the slot and `k` the kind: short on purpose, and without double quotes, which JSON would escape: this text travels with every widget.
const s=globalThis[Symbol.for('pw.@KIT@')]??={kinds:{},open:{}};
export default{async render(c){const k=c.model.get('_kind');return(await(s.kinds[k]??=new Promise(d=>{s.open[k]=d})))(c)}};
