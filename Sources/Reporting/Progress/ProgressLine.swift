import Foundation
import Glibc
import Synchronization

/// Tells on standard error how far a task is: a bar that is redrawn on terminals, now and then a line elsewhere.
///
/// May be used from several threads at once. The cursor is never hidden, and the line is cleared at the end: however the process
/// dies, the terminal is as it was.
public final class ProgressLine: Sendable {
  /// Least seconds between two drawings of the bar, and between two lines of a log.
  private static let redrawInterval = 0.1
  private static let plainInterval = 15.0

  private struct Work {
    let name: String
    let total: Int
    let started: Double
    /// What was done before the task was begun here, as in a resumed training: it took none of our time.
    let doneBefore: Int
    var done: Int
    var label: String
    var figures: [String]
    var lastShown: Double
  }

  private struct State {
    var work: Work?
    var isDrawn = false
  }

  private let style: ProgressStyle
  private let width: @Sendable () -> Int
  private let clock: @Sendable () -> Double
  private let write: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// On standard error, in the style that suits it.
  public convenience init(quiet: Bool) {
    let style = ProgressStyle.suited(
      isTerminal: isatty(STDERR_FILENO) == 1, environment: ProcessInfo.processInfo.environment, quiet: quiet)
    self.init(style: style)
  }

  /// - Parameters:
  ///   - width: the terminal's columns.
  ///   - clock: seconds that never go back.
  ///   - write: takes text as it is to appear.
  public init(
    style: ProgressStyle, width: @escaping @Sendable () -> Int = ProgressStyle.terminalWidth,
    clock: @escaping @Sendable () -> Double = { ProcessInfo.processInfo.systemUptime },
    write: @escaping @Sendable (String) -> Void = ProgressStyle.writeToStandardError
  ) {
    self.style = style
    self.width = width
    self.clock = clock
    self.write = write
  }

  /// Starts a task of `total` parts, `done` of which were done earlier. A task that is under way is left.
  public func begin(_ name: String, total: Int, done: Int = 0) {
    state.withLock { state in
      let now = clock()
      state.work = Work(
        name: name, total: total, started: now, doneBefore: done, done: done, label: name, figures: [], lastShown: now)
      if case .terminal = style { draw(&state, at: now) }
    }
  }

  /// Says how far the task is. Cheap, so that it can be called after every step.
  ///
  /// - Parameters:
  ///   - done: parts of the whole task that are done.
  ///   - label: what stands before the bar from now on: `epoch 3/150`.
  ///   - figures: what stands behind it from now on: `loss 1.234`.
  public func advance(to done: Int, label: String? = nil, figures: [String]? = nil) {
    update { work in
      work.done = done
      if let label { work.label = label }
      if let figures { work.figures = figures }
    }
  }

  /// Says that `count` more parts are done, on whichever thread.
  public func advance(by count: Int = 1) {
    update { $0.done += count }
  }

  /// Writes a line that stays, above the bar.
  public func note(_ line: String) {
    state.withLock { state in
      if style == .silent { return }
      clear(&state)
      write(line + "\n")
      if case .terminal = style { draw(&state, at: clock()) }
    }
  }

  /// Ends the task and removes the bar. `line`, if there is one, stays.
  public func end(_ line: String? = nil) {
    state.withLock { state in
      clear(&state)
      state.work = nil
      if let line, style != .silent { write(line + "\n") }
    }
  }

  deinit { state.withLock { clear(&$0) } }

  private func update(_ change: (inout Work) -> Void) {
    if style == .silent { return }
    state.withLock { state in
      guard var work = state.work else { return }
      change(&work)
      let now = clock()
      let interval = style == .plain ? Self.plainInterval : Self.redrawInterval
      let isDue = now - work.lastShown >= interval
      if isDue { work.lastShown = now }
      state.work = work
      if isDue { draw(&state, at: now) }
    }
  }

  private func draw(_ state: inout State, at now: Double) {
    guard let work = state.work else { return }
    let gained = work.done - work.doneBefore
    let elapsed = now - work.started
    // The first second says little.
    let remaining =
      gained > 0 && elapsed >= 1 ? elapsed / Double(gained) * Double(max(0, work.total - work.done)) : nil
    let bar = ProgressText.Bar(
      done: work.done, total: work.total, label: work.label, remaining: remaining, figures: work.figures)
    switch style {
    case .silent: break
    case .plain: write(ProgressText.plain(bar) + "\n")
    case .terminal(let colour, let unicode):
      // The last column stays free: some terminals wrap when it is filled.
      let line = ProgressText.line(bar, width: max(1, width() - 1), colour: colour, unicode: unicode)
      write("\r" + line + "\u{1B}[K")
      state.isDrawn = true
    }
  }

  private func clear(_ state: inout State) {
    if state.isDrawn { write("\r\u{1B}[K") }
    state.isDrawn = false
  }
}
