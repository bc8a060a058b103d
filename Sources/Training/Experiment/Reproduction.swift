import Corpus
import Diagnostics
import Foundation
import Spec
import Synchronization

/// A run made again and compared with its records on the way, up to the first that differs.
public struct Reproduction {
  /// What the command line decides.
  public struct Settings: Sendable {
    public var data: [String]
    public var threads: Int
    /// The program's version.
    public var version: String
    public var cache: FeatureCache?
    /// Where the new run is kept; nil removes it at the end.
    public var keepIn: String?

    public init(data: [String], threads: Int, version: String, cache: FeatureCache? = nil, keepIn: String? = nil) {
      (self.data, self.threads, self.version, self.cache, self.keepIn) = (data, threads, version, cache, keepIn)
    }
  }

  public struct Result: Sendable {
    public let run: String
    /// What was compared and equal, in order.
    public let equal: [String]
    /// The first record that differs; nil where none does.
    public let difference: RunDifference?
    /// What `env.json` says differently: name, then, now.
    public let environment: [(name: String, before: String, now: String)]

    public var json: JSON {
      [
        "run_dir": .string(run), "equal": .boolean(difference == nil), "stages_equal": .array(equal.map(JSON.string)),
        "difference": difference?.json ?? .null,
        "environment": .array(
          environment.map { ["name": .string($0.name), "before": .string($0.before), "now": .string($0.now)] }),
      ]
    }
  }

  private let path: String
  private let spec: ExperimentSpec
  private let settings: Settings

  /// Prepares to make the run `directory` again.
  ///
  /// - Throws: `DiagnosticFailure`: `data.not_a_run`, `data.run_unfinished`, `data.run_damaged`, what is wrong with its spec.
  public init(run directory: String, settings: Settings) throws {
    path = try RunReader.spec(directory).path
    // Records that are damaged say nothing about the run.
    spec = try RunReader.read(path).spec
    if let damaged = CheckpointStore(folder: "\(path)/checkpoints").damaged(isFinished: false).first {
      throw RunDamage.of(damaged, "does not have the digests of its manifest")
    }
    self.settings = settings
  }

  /// Trains and tests again.
  ///
  /// - Returns: nil where it was stopped.
  /// - Throws: `DiagnosticFailure` where the experiment fails, such as `data.*` where its corpus is not there.
  public func execute(
    observe: @escaping (ExperimentRun.Event) -> Void = { _ in },
    readingClips: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> Result? {
    let folder = settings.keepIn ?? NSTemporaryDirectory() + "serspec-reproduce-\(UUID().uuidString)"
    defer { if settings.keepIn == nil { try? FileManager.default.removeItem(atPath: folder) } }
    let hasDiffered = Flag()
    var records = RecordComparison(before: path)
    let run = ExperimentRun(
      spec,
      settings: ExperimentRun.Settings(
        specPath: "\(path)/spec.resolved.yaml", data: settings.data, outputFolder: folder, mode: .create,
        threads: settings.threads, version: settings.version, cache: settings.cache, isTracked: false),
      observe: { event in
        observe(event)
        records.see(event)
        if records.difference != nil { hasDiffered.raise() }
      }, readingClips: readingClips, shouldStop: { shouldStop() || hasDiffered.isRaised })
    switch try run.execute() {
    case .interrupted: if records.difference == nil { return nil }
    case .finished: records.compareEnd()
    }
    return Result(
      run: path, equal: records.equal, difference: records.difference, environment: records.environment)
  }
}

/// Something that has happened, for all threads to see.
private final class Flag: Sendable {
  private let value = Atomic(false)

  var isRaised: Bool { value.load(ordering: .relaxed) }
  func raise() { value.store(true, ordering: .relaxed) }
}
