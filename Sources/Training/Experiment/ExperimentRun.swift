import Corpus
import Diagnostics
import Foundation
import Planning
import Spec
import TensorRuntime

/// One experiment from its spec to its run directory.
///
/// Everything that can be checked is checked before the run directory is touched: the model's shapes, the corpus, the
/// split, every clip. A run that fails before its first step leaves nothing behind.
public struct ExperimentRun {
  /// What the command line decides.
  public struct Settings: Sendable {
    /// The spec file as the user named it; it is copied into the run.
    public let specPath: String
    /// The corpus's folders, where `--data` gives them.
    public let data: [String]
    /// The folder that run directories are made in.
    public let outputFolder: String
    public let mode: RunDirectory.Mode
    public let threads: Int
    /// The program's version, for the records.
    public let version: String
    /// Where features are kept from run to run; nil for nowhere.
    public let cache: FeatureCache?
    /// Whether the run is written for the spec's trackers.
    public let isTracked: Bool

    public init(
      specPath: String, data: [String], outputFolder: String, mode: RunDirectory.Mode, threads: Int, version: String,
      cache: FeatureCache? = nil, isTracked: Bool = true
    ) {
      self.specPath = specPath
      self.data = data
      self.outputFolder = outputFolder
      self.mode = mode
      self.threads = threads
      self.version = version
      self.cache = cache
      self.isTracked = isTracked
    }
  }

  /// What a run tells while it works.
  public enum Event: Sendable {
    /// The corpus is read and divided.
    case prepared(clips: Int, split: Split, parameters: Int, warnings: [Diagnostic])
    /// What the feature cache has; the rest is computed now.
    case features(CacheReport)
    /// The run directory.
    case opened(directory: String)
    case training(Trainer.Event, epochs: Int)
    case testing(clips: Int)
    case warning(Diagnostic)
  }

  public enum Outcome: Sendable {
    case finished(RunSummary)
    /// Stopped by the user; `directory` holds a checkpoint to go on from, nil where nothing was done yet.
    case interrupted(directory: String?)
  }

  let spec: ExperimentSpec
  let settings: Settings
  let observe: (Event) -> Void
  let readingClips: @Sendable (_ done: Int, _ total: Int) -> Void
  let writeFigures: (RunResults, RunDirectory) throws -> Void
  let drawConfusion: (RunResults) -> TrackedImage?
  let shouldStop: @Sendable () -> Bool

  /// - Parameters:
  ///   - observe: told what happens, on the calling thread.
  ///   - readingClips: told how many clips are read, from any thread.
  ///   - writeFigures: writes plots of the finished run into its directory.
  ///   - drawConfusion: makes the picture of the confusion matrix that trackers show.
  ///   - shouldStop: asked often; true ends the run after the step under way.
  public init(
    _ spec: ExperimentSpec, settings: Settings, observe: @escaping (Event) -> Void = { _ in },
    readingClips: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    writeFigures: @escaping (RunResults, RunDirectory) throws -> Void = { _, _ in },
    drawConfusion: @escaping (RunResults) -> TrackedImage? = { _ in nil },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.spec = spec
    self.settings = settings
    self.observe = observe
    self.readingClips = readingClips
    self.writeFigures = writeFigures
    self.drawConfusion = drawConfusion
    self.shouldStop = shouldStop
  }

  /// Runs the experiment.
  ///
  /// - Throws: `DiagnosticFailure`: the spec's model does not fit (`shape.*`), the corpus is at fault (`data.*`), or something
  ///   failed on the way (`run.*`).
  public func execute() throws -> Outcome {
    _ = try loadBLAS()
    let checks = ExperimentChecks.check(spec)
    guard let model = checks.model, !checks.diagnostics.contains(where: { $0.severity == .error }) else {
      throw DiagnosticFailure(checks.diagnostics)
    }
    let list = try ClipList(spec, data: settings.data)
    let drawn = try list.split(by: spec.split)
    let warnings = checks.diagnostics + list.warnings + list.leakage(of: drawn)
    observe(
      .prepared(clips: list.clips.count, split: drawn, parameters: model.graph.parameterCount, warnings: warnings))

    // Made early, so that an existing run is found before minutes of work; emptied late, so that a failure loses nothing.
    var directory: RunDirectory?
    var trackers: RunTrackers?
    if settings.mode != .force { directory = try open() }
    do {
      var clock = Stopwatch()
      let source = try ClipFeatures(
        spec, clips: list.clips, graph: model.graph, threads: settings.threads, cache: settings.cache,
        announce: { observe(.features($0)) }, progress: readingClips, shouldStop: shouldStop)
      guard !shouldStop() else {
        directory?.discard()
        throw RunInterrupted()
      }
      let split = try source.usable(drawn)
      let standards = try source.fit(on: split.train, shouldStop: shouldStop)
      let featureSeconds = clock.lap()
      tellFindings(of: source)
      let opened = try directory ?? open()
      directory = opened
      observe(.opened(directory: opened.path))
      let records = RunRecords(directory: opened, spec: spec, settings: settings)
      try records.begin(list: list, split: split, source: source, standards: standards)
      let tracking = try track(model, list: list, directory: opened)
      trackers = tracking
      let trained = try train(
        model, source: source, list: list, split: split, standards: standards, records: records, trackers: tracking,
        clock: &clock)
      guard var results = trained else {
        try tracking?.interrupted()
        return .interrupted(directory: opened.path)
      }
      results.time.features = featureSeconds
      let summary = RunSummary(results, spec: spec, directory: opened.path)
      try writeFigures(results, opened)
      try tracking?.finish(results, confusion: drawConfusion(results))
      try records.finish(results, summary: summary)
      opened.close()
      return .finished(summary)
    } catch is RunInterrupted {
      return .interrupted(directory: nil)
    } catch {
      trackers?.failed()
      fail(directory, error)
      throw error
    }
  }

  private func open() throws -> RunDirectory {
    try RunDirectory.open(parent: settings.outputFolder, name: spec.name, hash: spec.hash, mode: settings.mode)
  }

  /// The trackers that the spec names; nil where there are none.
  private func track(_ model: ModelDescription, list: ClipList, directory: RunDirectory) throws -> RunTrackers? {
    guard settings.isTracked, !spec.track.isEmpty else { return nil }
    return RunTrackers(
      TrackedRun(
        directory: directory.path, spec: spec, parameters: model.graph.parameterCount, version: settings.version,
        isSynthesized: list.clips.contains { $0.audio == .synthesized },
        environment: try RunReader.json(directory.file("env.json"))))
  }

  /// Trains and tests; nil where it was interrupted.
  private func train(
    _ model: ModelDescription, source: ClipFeatures, list: ClipList, split: Split, standards: [FeatureStandard],
    records: RunRecords, trackers: RunTrackers?, clock: inout Stopwatch
  ) throws -> RunResults? {
    let pool = WorkerPool(threads: settings.threads)
    let trainer = Trainer(
      spec: spec, graph: model.graph, source: source, trainClips: split.train, validationClips: split.val, pool: pool)
    let checkpoints = CheckpointStore(
      folder: try records.directory.folder("checkpoints"),
      metadata: standards.isEmpty ? [:] : ["standardize": standards.json.text(.compact)])
    var firstStepSeconds: Double?
    var firstLoss: Double?
    for warning in try checkpoints.restore(trainer).warnings { observe(.warning(warning)) }
    // A kill between a checkpoint and the tables leaves these behind; after the last epoch nothing would mend them.
    if trainer.state.epoch > 0 { try records.update(trainer.state) }
    try trackers?.begin(trainer.state)
    let outcome = try trainer.run(
      observe: { event in
        if firstStepSeconds == nil, case .step = event { firstStepSeconds = secondsSinceStart() }
        if case .step(1, 1, let loss) = event { firstLoss = loss }
        if case .trained(let epoch) = event { trackers?.look(at: trainer, epoch: epoch) }
        if case .epochFinished = event { tellFindings(of: source) }
        records.log(event)
        observe(.training(event, epochs: spec.train.epochs.value))
      },
      save: { state, isBest in
        if let loss = firstLoss.take() { try records.firstStep(loss: loss) }
        try trackers?.add(state)
        try checkpoints.save(trainer, state, isBest: isBest)
        try records.update(state)
      }, shouldStop: shouldStop)
    if case .stopped = outcome {
      try records.interrupted(trainer.state)
      return nil
    }
    let trainSeconds = clock.lap()
    observe(.testing(clips: split.test.count))
    for warning in try checkpoints.loadBest(into: trainer.executor.parameters) { observe(.warning(warning)) }
    let test = try Evaluation.run(
      split.test, source: source, executor: trainer.executor, batchSize: spec.train.batchSize,
      classes: spec.corpus.classes.count, shouldStop: shouldStop)
    tellFindings(of: source)
    guard let test else {
      try records.interrupted(trainer.state)
      return nil
    }
    return RunResults(
      clips: list.clips, split: split, leftOut: source.leftOut, overlap: speakersShared(split, clips: list.clips),
      graph: model.graph, state: trainer.state, test: test,
      classWeights: trainer.executor.loss.weights, classNames: spec.corpus.classes.map(\.name),
      time: RunResults.Times(features: 0, firstStep: firstStepSeconds, training: trainSeconds, test: clock.lap()),
      cache: source.report,
      arenaMegabytes: Double(trainer.executor.arenaFloats) * 4 / 1e6)
  }

  private func tellFindings(of source: ClipFeatures) {
    for finding in source.takeFindings() { observe(.warning(finding)) }
  }

  /// Leaves nothing behind where nothing was done yet; otherwise says in the run's status what happened.
  private func fail(_ directory: RunDirectory?, _ error: any Error) {
    guard let directory else { return }
    if directory.isNew, !FileManager.default.fileExists(atPath: directory.file("checkpoints")) {
      directory.discard()
      return
    }
    let message = (error as? DiagnosticFailure)?.diagnostics.first { $0.severity == .error }?.summary ?? "\(error)"
    RunRecords(directory: directory, spec: spec, settings: settings).failed(message)
    directory.close()
  }
}

/// The user's wish to stop, before there is anything to keep.
struct RunInterrupted: Error {}

/// Wall-clock seconds between calls.
struct Stopwatch {
  private var last = ContinuousClock.now

  /// Seconds since the last call, or since the start.
  mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { last = now }
    return (now - last) / .seconds(1)
  }
}
