namespace Sanbashi.ControlPlane.StatusPage;

internal static class StatusPageStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--ink:#1c2733;--dim:#5b6875;--line:#dfe5ea;--paper:#fff;--ground:#f4f7f9;--sea:#0b6e8f}
        @media(prefers-color-scheme:dark){:root{--ink:#e4eaf0;--dim:#93a1af;--line:#2b3743;--paper:#17202a;--ground:#0f161d;--sea:#5cc3e4}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        header,main,footer{max-width:72rem;margin:0 auto;padding:0 1.5rem}
        header{padding-top:2.5rem}
        h1{margin:0;font-size:1.75rem;letter-spacing:.02em;color:var(--sea)}
        header p{margin:.25rem 0 0;color:var(--dim)}
        section{margin:1.75rem 0;padding:1.25rem 1.5rem;background:var(--paper);border:1px solid var(--line);border-radius:.75rem}
        h2{margin:0 0 .75rem;font-size:1rem;color:var(--dim);font-weight:600}
        .scroll{overflow-x:auto}
        table{width:100%;border-collapse:collapse}
        th{padding:.25rem 1rem .5rem 0;text-align:left;font-size:.8rem;font-weight:600;color:var(--dim)}
        td{padding:.75rem 1rem .75rem 0;border-top:1px solid var(--line);vertical-align:top}
        td:first-child,td:last-child,td.number{white-space:nowrap}
        a{color:var(--sea)}
        code{font:.85em/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
        td code,small,footer{color:var(--dim)}
        .state{display:inline-block;padding:.05rem .6rem;border-radius:1rem;font-size:.75rem;font-weight:600;background:#e3e8ed;color:#33404d}
        .running{background:#d7f2e0;color:#12592f}
        .operation-in-progress{background:#dcecfb;color:#134a7c}
        .create-failed,.delete-failed{background:#fbdedc;color:#8a1c14}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.5rem;margin:0}
        dd{margin:0;color:var(--dim)}
        footer{padding-top:.5rem;padding-bottom:2.5rem;font-size:.85rem}
        @media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
        """;
}
