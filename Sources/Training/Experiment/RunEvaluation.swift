import Corpus
import Diagnostics
import Foundation
import Spec

/// A trained model on a set of its own corpus, or on another corpus.
public struct RunEvaluation: Sendable {
  /// Which clips of a corpus.
  public enum ClipSet: String, Sendable, CaseIterable { case train, val, test, all }

  /// What to evaluate on.
  public struct Request: Sendable {
    /// nil is the run's own corpus.
    public var corpus: CorpusSpec?
    /// The arguments of `--data`.
    public var data: [String]
    /// nil is the test set of the run's own corpus, and all clips of another. A set of another corpus is drawn as the spec's split says.
    public var set: ClipSet?
    public var threads: Int
    public var cache: FeatureCache?

    public init(
      corpus: CorpusSpec? = nil, data: [String] = [], set: ClipSet? = nil, threads: Int, cache: FeatureCache? = nil
    ) {
      (self.corpus, self.data, self.set, self.threads, self.cache) = (corpus, data, set, threads, cache)
    }
  }

  public let run: String
  public let corpus: String
  public let set: ClipSet
  public let clips: [ClipReference]
  public let classNames: [String]
  public let evaluation: Evaluation
  /// Classes of the model that the corpus does not have, and classes of the corpus that the model does not have.
  public let missingClasses: [String]
  public let unknownClasses: [String]
  /// Clips that are not counted: of an unknown class, or of audio that cannot be used.
  public let leftOut: Int
  /// Whether the predictions are those of the run's records, byte by byte; nil where these are of other clips.
  public let equalsRecords: Bool?
  public let isSynthesized: Bool
  public let warnings: [Diagnostic]

  /// Evaluates `model`, in batches of the spec's size and in the order of the set.
  ///
  /// - Throws: `DiagnosticFailure`: `data.*` where the corpus is at fault or lacks clips of the run's set; `run.*`; `CancellationError`
  ///   where it was stopped.
  public init(
    _ model: TrainedModel, _ request: Request,
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws {
    let corpus = request.corpus ?? model.spec.corpus
    let list = try ClipList(corpus: corpus, data: request.data)
    let isOwn = request.corpus == nil
    set = request.set ?? (isOwn ? .test : .all)
    let chosen = try isOwn ? RunSets(model.directory).indices(set, in: list) : Self.indices(set, of: model.spec, list)
    let indices = Dictionary(model.classNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let known = list.clips.map { indices[corpus.classes[$0.classIndex].name] }
    let common = chosen.filter { known[$0] != nil }
    guard !common.isEmpty else {
      throw DiagnosticFailure([
        Diagnostic(
          "data.no_common_class", "corpus '\(corpus.name)' has no clip of a class of the model",
          detail: "The model knows \(model.classNames.joined(separator: ", ")); "
            + "the corpus has \(corpus.classes.map(\.name).joined(separator: ", ")). Classes are matched by name.")
      ])
    }
    let clips = common.map { list.clips[$0] }
    let source: ClipFeatures
    do {
      source = try ClipFeatures(
        model.spec, clips: clips, corpus: corpus, labels: common.map { known[$0] ?? 0 }, graph: model.graph,
        threads: request.threads, cache: request.cache, progress: progress, shouldStop: shouldStop)
    } catch is RunInterrupted {
      throw CancellationError()
    }
    try source.take(model.standards, from: model.weightsPath)
    var warnings = model.warnings + list.warnings
    let sets = isOwn ? RunSets(model.directory) : nil
    if let labels = try? RunSets(model.directory).trainingLabels(model.spec) { model.useTrainingLoss(labels: labels) }
    let usable = source.usable(Array(clips.indices))
    let result = try Evaluation.run(
      usable, source: source, executor: model.executor, batchSize: model.spec.train.batchSize,
      classes: model.classNames.count, shouldStop: shouldStop)
    guard let result else { throw CancellationError() }
    evaluation = result
    if let sets { warnings += sets.changedAudio(clips, digests: source.audioDigests) }
    warnings += source.takeFindings()
    if isOwn, set == .test, let recorded = try? ReadableFile.contents("\(model.directory)/predictions.csv") {
      let text = RunTables.predictions(result, clips: clips, classNames: model.classNames)
      equalsRecords = Array(text.utf8) == recorded
    } else {
      equalsRecords = nil
    }
    run = model.directory
    self.corpus = corpus.name
    self.clips = clips
    classNames = model.classNames
    let present = Set(corpus.classes.map(\.name))
    missingClasses = model.classNames.filter { !present.contains($0) }
    unknownClasses = corpus.classes.map(\.name).filter { indices[$0] == nil }
    leftOut = chosen.count - usable.count
    isSynthesized = clips.contains { $0.audio == .synthesized }
    self.warnings = warnings
  }

  /// The table of predictions, as a run's `predictions.csv`.
  public var predictionsCSV: String { RunTables.predictions(evaluation, clips: clips, classNames: classNames) }

  /// The record: what was evaluated, and the figures under `metrics`.
  public var json: JSON {
    let figures = evaluation.metrics.json(classNames: classNames).asObject ?? []
    var members: [(key: String, value: JSON)] = [
      ("run_dir", .string(run)), ("corpus", .string(corpus)), ("set", .string(set.rawValue)),
      ("clips", .integer(evaluation.clips.count)), ("left_out", .integer(leftOut)),
      ("classes_missing", .array(missingClasses.map(JSON.string))),
      ("classes_unknown", .array(unknownClasses.map(JSON.string))),
      ("equals_records", equalsRecords.map(JSON.boolean) ?? .null),
      ("metrics", .object([(key: "loss", value: .number(evaluation.loss))] + figures)),
    ]
    if isSynthesized { members.append(("note", .string(RunSummary.synthesizedNote))) }
    return .object(members)
  }

  private static func indices(_ set: ClipSet, of spec: ExperimentSpec, _ list: ClipList) throws -> [Int] {
    if set == .all { return Array(list.clips.indices) }
    let split = try list.split(by: spec.split)
    switch set {
    case .train: return split.train
    case .val: return split.val
    case .test, .all: return split.test
    }
  }
}
