import Audio
import Diagnostics
import Spec

/// Where the random numbers of a batch's augmentation come from. Each item of `augment` has a stream of its own for each clip, so that
/// what one draws does not depend on the others, on the batch that a clip is in, or on what was drawn before.
public struct AugmentationDraws: Sendable {
  /// The stream of a clip of the corpus for the item `step` of `augment`.
  public let clip: @Sendable (_ clip: Int, _ step: Int) -> any RandomNumberGenerator
  /// The stream of the batch for the item `step` of `augment`.
  public let batch: @Sendable (_ step: Int) -> any RandomNumberGenerator

  public init(
    clip: @escaping @Sendable (_ clip: Int, _ step: Int) -> any RandomNumberGenerator,
    batch: @escaping @Sendable (_ step: Int) -> any RandomNumberGenerator
  ) {
    self.clip = clip
    self.batch = batch
  }
}

/// A spec's `augment`, checked: random changes of training clips. Waveforms are changed first, each item in its place of the audio
/// chain; then features; then whole batches. Within these the order is the spec's.
public struct Augmentation: Sendable {
  private struct Item<Change: Sendable>: Sendable {
    /// The position in `augment`.
    let index: Int
    let probability: Double
    let change: Change
  }

  /// A change of waveforms and the step of `audio` that comes behind it.
  private struct Placed: Sendable {
    let change: any WaveformAugmentation
    let place: Int
  }

  private let waveforms: [Item<Placed>]
  private let features: [Item<SpecAugmentStep>]
  private let mixup: Item<MixupStep>?

  /// Whether there is nothing to do.
  public var isEmpty: Bool { waveforms.isEmpty && features.isEmpty && mixup == nil }

  /// Reads the `augment` of a spec whose pipeline is `pipeline`.
  ///
  /// Throws a `DiagnosticFailure` with all findings, each at its item: a range that is upside down (`augment.range`), a place that
  /// `audio` does not have (`augment.before_unknown`) or where clips still differ in rate or channels (`augment.too_early`), a feature
  /// that cannot be masked (`augment.no_frames`), a second mixup (`augment.repeated`).
  public init(_ spec: ExperimentSpec, pipeline: FeaturePipeline) throws {
    var (waveforms, features): ([Item<Placed>], [Item<SpecAugmentStep>]) = ([], [])
    var mixup: Item<MixupStep>?
    var findings: [Diagnostic] = []
    let used = Set(spec.usedFeatures.map(\.name.value))
    for (index, step) in spec.augment.enumerated() {
      let probability = step.values.number("p")
      do {
        if let change = try AugmentationCatalog.waveformStep(step) {
          let placed = Placed(change: change, place: try Self.place(of: step, in: spec.audio))
          waveforms.append(Item(index: index, probability: probability, change: placed))
        } else if step.kind.value == SpecAugmentStep.kind.name {
          let change = try SpecAugmentStep(step, features: pipeline.features, used: used)
          features.append(Item(index: index, probability: probability, change: change))
        } else if mixup == nil {
          mixup = Item(index: index, probability: probability, change: MixupStep(step))
        } else {
          findings.append(
            Diagnostic(
              "augment.repeated", .error, "mixup stands twice in 'augment'",
              detail: "A batch is mixed once. Leave one of them out.", at: step.span))
        }
      } catch let failure as DiagnosticFailure {
        findings += failure.diagnostics
      }
    }
    if !findings.isEmpty { throw DiagnosticFailure(findings) }
    (self.waveforms, self.features, self.mixup) = (waveforms, features, mixup)
  }

  /// The index of the step of `audio` that comes behind `step`; the number of steps where none does.
  private static func place(of step: Step, in audio: [Step]) throws -> Int {
    guard let name = step.values.optionalString("before") else { return audio.count }
    let span = step.values["before"].span
    guard let place = audio.firstIndex(where: { $0.kind.value == name }) else {
      let known = audio.map(\.kind.value)
      throw DiagnosticFailure([
        Diagnostic(
          "augment.before_unknown", .error, "'audio' has no step '\(name)'",
          detail:
            "Expected one of: \(known.joined(separator: ", ")). Without 'before' the change comes behind all of them.",
          at: span, suggestion: nearest(name, in: known))
      ])
    }
    let format = try audio[..<place].reduce(SignalFormat(rate: nil, isMono: false)) {
      try FeatureCatalog.audioStep($1).output(of: $0)
    }
    guard format.isMono, format.rate != nil else {
      throw DiagnosticFailure([
        Diagnostic(
          "augment.too_early", .error, "before '\(name)' clips still differ in rate or channels",
          detail: "\(step.kind.value) needs one channel at one rate: let it come behind resample and mono.", at: span,
          notes: [DiagnosticNote("the step", at: audio[place].span)])
      ])
    }
    return place
  }

  /// What happens to one clip's waveform in one epoch.
  struct WaveformChange {
    fileprivate var hits: [(place: Int, change: any WaveformAugmentation, draws: Draws)]

    /// The waveform of `source` behind the audio chain of `pipeline`, changed on the way.
    mutating func waveform(of source: ClipSource, _ pipeline: FeaturePipeline) throws -> [Float] {
      let clip = try source.load()
      return pipeline.prepare(clip) { place, samples in
        for index in hits.indices where hits[index].place == place {
          samples = hits[index].change.apply(to: samples, using: &hits[index].draws)
        }
      }
    }
  }

  /// The change of the waveform of clip `clip`; nil where nothing happens to it this time.
  func waveformChange(of clip: Int, _ source: AugmentationDraws) -> WaveformChange? {
    let hits = waveforms.compactMap { item -> (place: Int, change: any WaveformAugmentation, draws: Draws)? in
      var draws = Draws(source.clip(clip, item.index))
      guard draws.happens(item.probability) else { return nil }
      return (item.change.place, item.change.change, draws)
    }
    return hits.isEmpty ? nil : WaveformChange(hits: hits)
  }

  /// Changes the features of clip `clip`, each row-major in its shape, in the order of the model's inputs.
  func change(
    _ values: inout [[Float]], of clip: Int, names: [String], shapes: [[Int]], _ source: AugmentationDraws
  ) {
    for item in features {
      var draws = Draws(source.clip(clip, item.index))
      guard draws.happens(item.probability) else { continue }
      for index in values.indices {
        values[index].withUnsafeMutableBufferPointer {
          item.change.apply(to: $0, of: names[index], shape: shapes[index], using: &draws)
        }
      }
    }
  }

  /// The batch mixed; nil where it stays as it is.
  func mixed(_ batch: FeatureBatch, clips: Int, _ source: AugmentationDraws) -> (FeatureBatch, Mixture)? {
    guard let mixup else { return nil }
    var draws = Draws(source.batch(mixup.index))
    guard draws.happens(mixup.probability) else { return nil }
    return mixup.change.apply(to: batch, clips: clips, using: &draws)
  }
}
