/// The style sheet of report pages: light and dark as the reader's system has it, and for paper.
enum PageStyle {
  static let sheet = """
    :root { --ground: #ffffff; --ink: \(FigureStyle.ink); --quiet: #5c636b; --rule: #d9dde1; --soft: #f5f7f9; --mark: #fff4dc; --edge: #e69f00; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #14171a; --ink: #e4e7ea; --quiet: #a3abb3; --rule: #343a40; --soft: #1d2125; --mark: #33290f; --edge: #e69f00; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 \(FigureStyle.fontFamily); }
    main { max-width: 70rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
    h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .4rem; }
    h2 { font-size: 1.2rem; margin: 2.6rem 0 .8rem; padding-bottom: .3rem; border-bottom: 1px solid var(--rule); }
    h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
    p { margin: .5rem 0; max-width: 48rem; }
    .lead, figcaption, .method { color: var(--quiet); }
    .method { font-size: .875rem; }
    .remark { background: var(--mark); border-left: 4px solid var(--edge); padding: .6rem .9rem; margin: .8rem 0; max-width: none; }
    .cards { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0; padding: 0; list-style: none; }
    .cards li { background: var(--soft); border-radius: .4rem; padding: .7rem 1.1rem; min-width: 9.5rem; }
    .cards b { display: block; font-size: 1.5rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
    .cards span { color: var(--quiet); font-size: .875rem; }
    .scroll { overflow-x: auto; margin: 1rem 0; }
    table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
    caption { text-align: left; font-weight: 600; padding-bottom: .4rem; }
    th { font-weight: 600; text-align: left; border-bottom: 1px solid var(--ink); vertical-align: bottom; }
    th, td { padding: .26rem .55rem; white-space: nowrap; }
    tbody tr:nth-child(even) { background: var(--soft); }
    .number { text-align: right; }
    .wrap td { white-space: normal; overflow-wrap: anywhere; }
    figure { margin: 1.2rem 0; }
    figure svg { display: block; max-width: 100%; height: auto; }
    figcaption { font-size: .875rem; margin-top: .3rem; }
    code { font-size: .875em; overflow-wrap: anywhere; }
    pre { background: var(--soft); padding: .7rem .9rem; border-radius: .4rem; overflow-x: auto; font-size: .8125rem; line-height: 1.45; }
    @media (prefers-color-scheme: dark) {
      figure:not(.light) svg > rect:first-of-type { fill: transparent; }
      figure:not(.light) [fill="\(FigureStyle.ink)"] { fill: var(--ink); }
      figure:not(.light) [fill="\(FigureStyle.quiet)"] { fill: var(--quiet); }
      figure:not(.light) [stroke="\(FigureStyle.ink)"] { stroke: var(--ink); }
      figure:not(.light) [stroke="\(FigureStyle.grid)"] { stroke: #2b3035; }
      figure:not(.light) [stroke="\(FigureStyle.background)"] { stroke: var(--ground); }
      figure:not(.light) [stroke="#0072b2"] { stroke: #3f9fe0; }
      figure:not(.light) [fill="#0072b2"] { fill: #3f9fe0; }
      figure.light svg { border-radius: .4rem; }
    }
    summary { cursor: pointer; }
    @media print {
      :root { --ground: #ffffff; --ink: #000000; --quiet: #444444; --rule: #bbbbbb; --soft: #f4f4f4; --mark: #ffffff; }
      @page { margin: 16mm; }
      body { font-size: 10pt; }
      main { max-width: none; padding: 0; }
      h2 { break-after: avoid; }
      figure, tr, .remark, .cards { break-inside: avoid; }
      .scroll { overflow: visible; }
      table { font-size: 8pt; }
      th, td { padding: .2rem .45rem; }
      pre { white-space: pre-wrap; }
    }
    """
}
