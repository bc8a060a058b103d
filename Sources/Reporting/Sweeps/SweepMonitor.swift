import Diagnostics
import Foundation
import Glibc
import Training

/// Tells on standard error how far a sweep is: a table that is redrawn on terminals, a line an event elsewhere.
public final class SweepMonitor {
  /// Least seconds between two drawings.
  private static let redrawInterval = 0.2

  private let style: ProgressStyle
  private let size: () -> (columns: Int, rows: Int)
  private let clock: () -> Double
  private let write: (String) -> Void
  private var drawnLines = 0
  private var lastDrawn = -Double.infinity
  private let remaining: RemainingTime

  /// On standard error, in the style that suits it.
  public convenience init(quiet: Bool, jobs: Int) {
    let style = ProgressStyle.suited(
      isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment, quiet: quiet)
    self.init(
      style: style, jobs: jobs, size: SweepMonitor.terminalSize,
      clock: { ProcessInfo.processInfo.systemUptime }, write: ProgressStyle.writeToStandardError)
  }

  /// - Parameters:
  ///   - size: of the terminal.
  ///   - clock: seconds that never go back.
  ///   - write: takes text as it is to appear.
  public init(
    style: ProgressStyle, jobs: Int, size: @escaping () -> (columns: Int, rows: Int),
    clock: @escaping () -> Double, write: @escaping (String) -> Void
  ) {
    self.style = style
    self.size = size
    self.clock = clock
    self.write = write
    remaining = RemainingTime(jobs: jobs)
  }

  /// Shows what happened; `rows` are all cells in their order.
  public func observe(_ event: SweepRunner.Event, rows: [SweepRunner.Row]) {
    switch style {
    case .silent: break
    case .plain: note(event, rows: rows)
    case .terminal:
      if case .tick = event, clock() - lastDrawn < Self.redrawInterval { return }
      draw(rows)
    }
  }

  /// Takes the table away.
  public func finish() { clear() }

  private func note(_ event: SweepRunner.Event, rows: [SweepRunner.Row]) {
    switch event {
    case .started(let row): write(SweepText.line(row, of: rows.count) + "\n")
    case .ended(let row): write(SweepText.line(row, of: rows.count) + "  (" + summary(rows) + ")\n")
    case .waiting(let row): write("cell \(row.cell.index) of \(rows.count) is run by another process: waiting for it\n")
    case .tick: break
    }
  }

  private func draw(_ rows: [SweepRunner.Row]) {
    lastDrawn = clock()
    let (width, height) = size()
    var keys: [String] = []
    for row in rows { keys += row.cell.values.map(\.key).filter { !keys.contains($0) } }
    var table = TextTable(SweepText.columns(keys))
    // Two lines of titles, one of totals, one for the cursor.
    let shown = SweepMonitor.chosen(rows, room: max(1, height - 5))
    for position in shown { table.add(SweepText.row(rows[position], keys)) }
    var lines = table.text().split(separator: "\n").map(String.init)
    if shown.count < rows.count { lines.append("… \(rows.count - shown.count) more") }
    lines.append(summary(rows))
    clear()
    write(lines.map { DisplayWidth.fitted($0, into: max(1, width - 1)) + "\n" }.joined())
    drawnLines = lines.count
  }

  private func clear() {
    if drawnLines > 0 { write("\u{1B}[\(drawnLines)A\r\u{1B}[J") }
    drawnLines = 0
  }

  /// Which cells are shown where there is no room for all: those that run, that failed, the latest that ended, the next.
  package static func chosen(_ rows: [SweepRunner.Row], room: Int) -> [Int] {
    if rows.count <= room { return Array(rows.indices) }
    func positions(_ state: CellProgress.State) -> [Int] { rows.indices.filter { rows[$0].progress.state == state } }
    let ended = positions(.finished).filter { !rows[$0].isReused }.reversed()
    let order =
      positions(.running) + positions(.failed) + ended.prefix(room / 3) + positions(.interrupted) + positions(.pending)
      + ended.dropFirst(room / 3) + rows.indices.filter { rows[$0].isReused }
    return order.prefix(room).sorted()
  }

  /// `7 of 27 cells finished, 2 running, 1 failed, 1:02:10 left`
  private func summary(_ rows: [SweepRunner.Row]) -> String {
    func count(_ state: CellProgress.State) -> Int { rows.count { $0.progress.state == state } }
    var parts = ["\(count(.finished)) of \(rows.count) cells finished"]
    for state in [CellProgress.State.running, .failed] where count(state) > 0 {
      parts.append("\(count(state)) \(state.rawValue)")
    }
    if let seconds = remaining.seconds(rows) { parts.append("\(ProgressText.duration(seconds)) left") }
    return parts.joined(separator: ", ")
  }

  /// 80 by 24 where the terminal does not tell.
  public static func terminalSize() -> (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
