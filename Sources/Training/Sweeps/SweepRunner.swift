import Diagnostics
import Foundation
import Glibc

/// Runs the cells of a sweep, each in a process of its own, so that the crash of one loses nothing else.
///
/// What is done stands in the cells' run directories alone: a cell that is finished there, whichever sweep or command did it, is not run again; one
/// that another process holds is waited for.
public final class SweepRunner {
  public struct Settings: Sendable {
    /// How many cells run at the same time.
    public let jobs: Int
    /// Whether the first failure stops the others.
    public let failFast: Bool
    /// Where run directories are.
    public let outputFolder: String
    /// The program that computes a cell.
    public let program: String
    /// Its arguments for the cell of this index.
    public let arguments: @Sendable (Int) -> [String]

    public init(
      jobs: Int, failFast: Bool, outputFolder: String, program: String, arguments: @escaping @Sendable (Int) -> [String]
    ) {
      self.jobs = jobs
      self.failFast = failFast
      self.outputFolder = outputFolder
      self.program = program
      self.arguments = arguments
    }
  }

  /// One cell for those who watch.
  public struct Row: Sendable {
    public let cell: SweepPlan.Cell
    public internal(set) var progress: CellProgress
    /// Since the cell's process was started, or what it took; nil before.
    public internal(set) var seconds: Double?
    /// Whether it was finished when the sweep came to it.
    public internal(set) var isReused = false
  }

  public enum Event: Sendable {
    case started(Row)
    /// Finished, failed or interrupted.
    case ended(Row)
    /// Another process works on the cell.
    case waiting(Row)
    /// Nothing happened; for what is drawn again and again.
    case tick
  }

  public enum Outcome: Sendable, Equatable {
    case finished
    /// So many cells failed.
    case failed(Int)
    /// Stopped by the user; the cells that ran have made a checkpoint.
    case interrupted
  }

  public private(set) var rows: [Row]
  public private(set) var record: SweepRecord
  private let settings: Settings
  private let folder: SweepFolder
  private var running: [Int: (process: CellProcess, started: ContinuousClock.Instant)] = [:]
  private var waiting: [Int]
  private var announced: Set<Int> = []
  private var lastLook = ContinuousClock.now

  /// - Parameter record: of the sweep, as `folder` gives it.
  public init(_ plan: SweepPlan, record: SweepRecord, folder: SweepFolder, settings: Settings) {
    self.record = record
    self.settings = settings
    self.folder = folder
    rows = plan.cells.map { Row(cell: $0, progress: CellProgress(state: .pending)) }
    waiting = []
    for position in rows.indices {
      look(at: position)
      if rows[position].progress.state == .finished {
        rows[position].isReused = true
        self.record.entries[position].state = .finished
      } else {
        waiting.append(position)
      }
    }
  }

  /// The cells that are not finished.
  public var unfinished: [SweepPlan.Cell] { waiting.map { rows[$0].cell } }

  /// Runs what is not finished.
  ///
  /// - Parameters:
  ///   - observe: told what happens, on the calling thread, at least some times a second.
  ///   - shouldStop: asked often; true asks the cells to stop and waits for their checkpoints.
  /// - Throws: `DiagnosticFailure`: `run.write_failed` where the record cannot be written, `run.cell_not_started`. The cells that run are
  ///   stopped before.
  public func run(observe: (Event, SweepRunner) -> Void, shouldStop: () -> Bool) throws -> Outcome {
    do {
      try folder.write(record)
      var isStopping = false
      while !running.isEmpty || (!waiting.isEmpty && !isStopping) {
        try collect(observe)
        let isFailed = settings.failFast && record.entries.contains { $0.state == .failed }
        if !isStopping, shouldStop() || isFailed {
          isStopping = true
          for cell in running.values { cell.process.stop() }
        }
        if !isStopping { try startWaiting(observe) }
        observe(.tick, self)
        if !running.isEmpty || !waiting.isEmpty { usleep(30_000) }
      }
      if shouldStop() { return .interrupted }
    } catch {
      for cell in running.values { cell.process.stop() }
      while running.values.contains(where: { $0.process.ended() == nil }) { usleep(30_000) }
      throw error
    }
    let failures = record.entries.count { $0.state == .failed }
    return failures == 0 ? .finished : .failed(failures)
  }

  /// Takes up processes that have ended, and looks at the others now and then.
  private func collect(_ observe: (Event, SweepRunner) -> Void) throws {
    let isLook = ContinuousClock.now - lastLook > .milliseconds(300)
    if isLook { lastLook = .now }
    for (position, cell) in running.sorted(by: { $0.key < $1.key }) {
      rows[position].seconds = (ContinuousClock.now - cell.started) / .seconds(1)
      guard let end = cell.process.ended() else {
        if isLook {
          look(at: position)
          rows[position].progress.state = .running
        }
        continue
      }
      running[position] = nil
      try take(end, of: position, observe)
    }
  }

  private func take(_ end: CellProcess.End, of position: Int, _ observe: (Event, SweepRunner) -> Void) throws {
    look(at: position)
    record.entries[position].seconds += rows[position].seconds ?? 0
    switch end {
    case .exited(0) where rows[position].progress.state == .finished:
      record.entries[position].message = nil
    case .exited(130):
      rows[position].progress.state = .interrupted
    case .exited where rows[position].progress.state == .running:
      // Another process was quicker to take the run directory.
      waiting.insert(position, at: 0)
      rows[position].progress.state = .pending
      record.entries[position].state = .pending
      return
    case .exited(let code):
      rows[position].progress.state = .failed
      record.entries[position].message = firstError(of: position) ?? "its process ended with exit code \(code)"
    case .signalled(let number):
      rows[position].progress.state = .failed
      record.entries[position].message =
        "its process was ended by signal \(number), \(String(cString: strsignal(number)))"
        + (number == SIGKILL ? ": there may have been too little memory" : "")
    }
    if case .exited(let code) = end { record.entries[position].exitCode = code }
    rows[position].progress.message = record.entries[position].message
    record.entries[position].state = rows[position].progress.state
    try folder.write(record)
    observe(.ended(rows[position]), self)
  }

  private func startWaiting(_ observe: (Event, SweepRunner) -> Void) throws {
    var held: [Int] = []
    while running.count < settings.jobs, !waiting.isEmpty {
      let position = waiting.removeFirst()
      look(at: position)
      let hash = rows[position].cell.spec.hash
      switch rows[position].progress.state {
      case .finished:
        rows[position].isReused = true
        record.entries[position].state = .finished
        record.entries[position].message = nil
        try folder.write(record)
        observe(.ended(rows[position]), self)
      case _ where running.keys.contains { rows[$0].cell.spec.hash == hash }:
        held.append(position)
      case .running:
        held.append(position)
        if announced.insert(position).inserted { observe(.waiting(rows[position]), self) }
      default:
        try start(position)
        observe(.started(rows[position]), self)
      }
    }
    waiting = held + waiting
  }

  private func start(_ position: Int) throws {
    let index = rows[position].cell.index
    let process = try CellProcess(settings.program, settings.arguments(index), log: folder.log(of: index))
    running[position] = (process, .now)
    rows[position].seconds = 0
    rows[position].progress.state = .running
    rows[position].progress.message = nil
    record.entries[position].state = .running
    record.entries[position].exitCode = nil
    record.entries[position].message = nil
    record.entries[position].starts += 1
    try folder.write(record)
  }

  private func look(at position: Int) {
    let cell = rows[position].cell
    rows[position].progress = CellProgress(
      of: RunDirectory.path(cell.folderName, below: settings.outputFolder), hash: cell.spec.hash)
  }

  /// The first error that the cell's log tells, without its mark.
  private func firstError(of position: Int) -> String? {
    let bytes = (try? ReadableFile.contents(folder.log(of: rows[position].cell.index))) ?? []
    let lines = String(decoding: bytes.suffix(1 << 16), as: UTF8.self).split(separator: "\n")
    return lines.first { $0.hasPrefix("error[") }.map { String($0.dropFirst("error".count)) }
  }
}
