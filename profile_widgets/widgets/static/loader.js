// What every widget of the kit carries: it finds the renderer of the widget's kind, which the asset widgets bring once per form.
// Nothing waits at module level or in `initialize`: anywidget drops all later updates of a model that is slow to start.
// Short on purpose, and without double quotes, which JSON would escape: this text travels with every widget.
const slot=globalThis[Symbol.for('profile-widgets @KIT@')]??={kinds:{},open:{}};
export default{async render(ctx){const kind=ctx.model.get('_kind');return(await(slot.kinds[kind]??=new Promise(done=>{slot.open[kind]=done})))(ctx)}};
