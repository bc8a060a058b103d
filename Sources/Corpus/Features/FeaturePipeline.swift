import Audio
import Diagnostics
import Spec

/// A spec's way from decoded clips to features: audio chain, length policy and feature chains, checked against each other.
public struct FeaturePipeline: Sendable {
  /// One feature of the spec.
  public struct Feature: Sendable {
    public let name: String
    /// The shape of one sample.
    public let shape: FeatureShape
    /// The steps up to the values that the cache keeps.
    let chain: Chain
    /// The same as canonical text, a step an item.
    let text: [[String]]
    /// What is done to the values when a batch is made.
    let standardize: Standardize?
  }

  /// Samples a second of prepared waveforms.
  public let rate: Int
  /// In the order of the spec.
  public let features: [Feature]
  /// The length of every waveform in samples where the length policy says it, else nil: then it depends on the batch.
  public let fixedSamples: Int?
  /// The fewest samples that a waveform must have for every feature to be defined.
  public let minimumSamples: Int
  /// The audio chain and the length policy as canonical text.
  let audioText: [String]
  let lengthText: [String]
  private let audio: [any AudioStep]
  private let policy: any LengthPolicy

  /// Compiles the audio part of `spec`.
  ///
  /// Throws a `DiagnosticFailure` with all findings, each at its step: no rate (`audio.rate_open`) or several
  /// channels (`audio.not_mono`) behind the audio chain, a step that does not fit the one before it (`feature.*`), a fixed
  /// length too short for a feature (`length.too_short`).
  public init(_ spec: ExperimentSpec) throws {
    try self.init(
      audio: spec.audio, length: spec.length, features: spec.features.map { ($0.name, $0.steps) })
  }

  /// Compiles the given parts of a spec; throws as above.
  public init(
    audio audioSteps: [Step], length: Step, features specs: [(name: Located<String>, steps: [Step])]
  ) throws {
    // Decoding and analysis of clips follow.
    _ = HeapPolicy.keepsFreedMemory
    audio = audioSteps.map { FeatureCatalog.audioStep($0) }
    audioText = ChainText.lines(audioSteps, at: "audio")
    policy = FeatureCatalog.lengthPolicy(length)
    lengthText = ChainText.lines(length, at: "length")
    let format = try audio.reduce(SignalFormat(rate: nil, isMono: false)) { try $1.output(of: $0) }
    let place = audioSteps.last?.span ?? specs.first?.name.span ?? length.span
    let findings = Self.check(format, at: place)
    guard let rate = format.rate, findings.isEmpty else { throw DiagnosticFailure(findings) }
    self.rate = rate
    fixedSamples = policy.constant(rate: rate)
    features = try Self.compile(specs, rate: rate, fixedSamples: fixedSamples)
    minimumSamples = features.map(\.chain.minimumSamples).max() ?? 1
    if let fixedSamples, fixedSamples < minimumSamples {
      throw DiagnosticFailure([
        Diagnostic(
          "length.too_short", .error, "\(fixedSamples) samples are too few for the features",
          detail:
            "At \(rate) Hz, frames mirrored at the ends need \(minimumSamples) samples. Use longer clips or a smaller n_fft.",
          at: length.span)
      ])
    }
  }

  /// What the audio chain leaves open that features must know.
  private static func check(_ format: SignalFormat, at place: SourceSpan) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if format.rate == nil {
      findings.append(
        Diagnostic(
          "audio.rate_open", .error, "the audio chain does not fix the sampling rate",
          detail: "Features are defined at one rate. Add `- resample: {rate: 16000}` to `audio`.", at: place))
    }
    if !format.isMono {
      findings.append(
        Diagnostic(
          "audio.not_mono", .error, "the audio chain does not make one channel",
          detail: "Features are computed from one channel, and clips may have several. Add `- mono` to `audio`.",
          at: place))
    }
    return findings
  }

  private static func compile(
    _ specs: [(name: Located<String>, steps: [Step])], rate: Int, fixedSamples: Int?
  ) throws -> [Feature] {
    var (features, findings): ([Feature], [Diagnostic]) = ([], [])
    for spec in specs {
      do {
        if let feature = try compile(spec.name, spec.steps, rate: rate, fixedSamples: fixedSamples) {
          features.append(feature)
        }
      } catch let failure as DiagnosticFailure {
        findings += failure.diagnostics
      }
    }
    if !findings.isEmpty { throw DiagnosticFailure(findings) }
    return features
  }

  /// One feature; nil where it ends in no value.
  private static func compile(
    _ name: Located<String>, _ steps: [Step], rate: Int, fixedSamples: Int?
  ) throws -> Feature? {
    let last = steps.last.flatMap { $0.kind.value == Standardize.kind.name ? $0 : nil }
    let computed = last == nil ? steps : steps.dropLast()
    let chain = try Chain(computed, of: "feature '\(name.value)'", input: .waveform, rate: rate, at: name.span)
    guard let shape = chain.output.shape else { return nil }
    let standardize = try last.map { try Standardize($0, of: chain.output, hasFixedLength: fixedSamples != nil) }
    let text = computed.enumerated().map { ChainText.lines($1, at: "feature.\($0)") }
    return Feature(name: name.value, shape: shape, chain: chain, text: text, standardize: standardize)
  }

  /// The feature `name`; nil where the spec has none of that name.
  public func feature(_ name: String) -> Feature? { features.first { $0.name == name } }

  /// The clip's waveform behind the audio chain: one channel at `rate`, of the clip's own length.
  public func prepare(_ clip: consuming Clip) -> [Float] {
    for step in audio { step.apply(to: &clip) }
    return clip.channels.first ?? []
  }

  /// The same with changes on the way: `change` is told before each step of the chain, and behind the last, how many steps lie behind
  /// it, and may change the waveform there. It must leave clips alone that may have several channels or any rate.
  func prepare(_ clip: consuming Clip, changing change: (_ steps: Int, _ samples: inout [Float]) -> Void) -> [Float] {
    for place in 0...audio.count {
      if clip.channels.count == 1 { change(place, &clip.channels[0]) }
      if place < audio.count { audio[place].apply(to: &clip) }
    }
    return clip.channels.first ?? []
  }

  /// The common length, in samples, of a batch of waveforms of the given lengths.
  public func length(of waveforms: [Int]) -> Int { policy.length(of: waveforms, rate: rate) }

  /// The waveform padded or cut to `count` samples as the length policy says.
  public func fit(_ waveform: consuming [Float], to count: Int) -> [Float] { policy.fit(waveform, to: count) }

  /// Whether each clip's features have the clip's own length, and models are told where it ends.
  public var masks: Bool { policy.masks }

  /// Whether features depend on the clip alone, not on its batch.
  var isClipwise: Bool { fixedSamples != nil || masks }

  /// What the length policy means for features that depend on the clip alone, as canonical text.
  var clipwiseLengthText: [String] { fixedSamples == nil ? ["length of each clip"] : lengthText }

  /// Out of how many batches' clips those of similar length are put into one batch; nil leaves the drawn order.
  public var batchesOfSimilarLength: Int? { policy.batchesOfSimilarLength }

  /// The values of `features`, each row-major in its shape, for a waveform that already has its final length of at least
  /// `minimumSamples`.
  public func extract(_ features: [Feature], from waveform: [Float]) -> [[Float]] {
    let analysis = WaveformAnalysis(waveform)
    return features.map { feature in
      guard case .matrix(let matrix) = feature.chain.apply(.waveform, of: analysis) else { return [] }
      return matrix.values
    }
  }
}
