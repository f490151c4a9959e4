extension Page {
    /// What every page looks like: light and dark, wide and narrow, on a screen and on paper.
    ///
    /// Nothing hangs on colour: what is grave has a mark and a border too.
    static let style = """

        :root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#50575f;--line:#c6ccd2;--panel:#f4f6f8;
        --warn:#7a4b00;--warnback:#fff5e0;--bad:#a3121f;--badback:#fdecee;--good:#1d6b34;
        --accent:#0b57a4;--edge:#8a939c}
        @media (prefers-color-scheme:dark){:root{--paper:#14171a;--ink:#e7eaed;--soft:#aab2ba;--line:#3b434b;
        --panel:#1e2327;--warn:#ffca70;--warnback:#33280f;--bad:#ff9aa2;--badback:#3b1a1e;--good:#7fd99a;
        --accent:#8cc2ff;--edge:#78828b}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;
        overflow-wrap:anywhere}
        main{max-width:70rem;margin:0 auto;padding:1rem}
        h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0}
        h2{font-size:1.2rem;margin:2rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
        h3{font-size:1.05rem;margin:1.2rem 0 .3rem}
        p{margin:.5rem 0}ul{margin:.2rem 0 .5rem;padding-left:1.3rem}
        section>p,section>ul,blockquote{max-width:46rem}
        a{color:var(--accent)}:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
        code,.v{font-family:ui-monospace,monospace;font-size:.9em}
        blockquote{margin:.5rem 0;padding:.3rem .8rem;border-left:4px double var(--edge);background:var(--panel)}
        blockquote+blockquote{margin-top:0}
        .label{color:var(--soft)}
        .words{font-size:1.05em;word-spacing:.15em}
        .warning,.danger{padding:.3rem .7rem;border-left:4px solid var(--warn);background:var(--warnback)}
        .danger{border-left:8px solid var(--bad);background:var(--badback)}
        .warning b{color:var(--warn)}.danger b{color:var(--bad)}
        .you{border:2px solid var(--accent);border-radius:6px;padding:0 .9rem .4rem;margin-top:.8rem}
        .good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
        details{margin:.3rem 0}summary{cursor:pointer;color:var(--accent)}
        .wide{overflow-x:auto;max-width:100%;border:1px solid var(--line);border-radius:6px;margin:.5rem 0}
        table{border-collapse:collapse;font-size:.92rem}caption{text-align:left;padding:.4rem;color:var(--soft)}
        th,td{border:1px solid var(--line);padding:.25rem .5rem;text-align:left;vertical-align:top}
        thead th{background:var(--panel);white-space:nowrap}.bits td{text-align:right;white-space:nowrap}
        .wide th{white-space:nowrap}
        fieldset{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.3rem .8rem}
        label{display:inline-block;margin-right:1rem;padding:.15rem 0}
        .pick{display:grid;grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}
        svg{display:block}svg text{font:13px ui-monospace,monospace;fill:var(--ink)}
        svg text.s{font-size:11px;fill:var(--soft)}
        svg text.bits{font-size:11px;paint-order:stroke;stroke:var(--paper);stroke-width:4px}
        rect{height:42px;fill:var(--panel);stroke:var(--edge);stroke-width:1.2}
        .edges path{fill:none;stroke:var(--edge);stroke-width:1.2;marker-end:url(#arrow)}
        .calls path{marker-start:url(#arrow)}
        .arrow{fill:var(--edge);fill:context-stroke}
        .part{display:none}
        .bars path{fill:var(--accent)}
        pre{margin:0;padding:.4rem .6rem;font:.9em/1.5 ui-monospace,monospace}
        pre bdi{display:block;min-height:1.5em;white-space:pre-wrap}
        .stages{padding-left:1.6rem}[aria-current]{border-left:4px solid var(--accent);padding-left:.4rem}
        button{font:inherit;padding:.4rem 1rem}
        nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0}
        footer{margin-top:2rem;padding-top:.5rem;border-top:1px solid var(--line);color:var(--soft)}
        @media (max-width:40rem){main{padding:.6rem}h1{font-size:1.35rem}
        .stack thead{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
        .stack tr{display:block;border-bottom:2px solid var(--line)}
        .stack td,.stack th{display:block;border:0;padding:.1rem .4rem;white-space:normal}
        .stack td::before{content:attr(data-label) " ";color:var(--soft)}}
        @media print{:root{--paper:#fff;--ink:#000;--soft:#333;--panel:#fff;--line:#999;--warn:#5c3800;--bad:#8a0f1a;
        --warnback:#fff;--badback:#fff;--accent:#000;--good:#000;--edge:#555}
        body{font-size:11pt}nav{display:none}h2,h3{break-after:avoid}tr,p,li{break-inside:avoid}
        details::details-content{content-visibility:visible;display:block}.wide{overflow:visible;border:0}
        svg{max-width:100%;height:auto}}

        """
}
