import Audio
import Diagnostics
import Spec
import Synchronization

/// The clips of a store, by index, in packs: one for each feature, or what can be computed of it clip by clip, and one for prepared
/// waveforms.
final class StoredClips: Sendable {
  /// A feature's pack. `head` is nil where the pack holds the whole feature.
  struct Part: Sendable {
    let feature: FeaturePipeline.Feature
    let pack: FeaturePack
    let head: PaddableHead?
  }

  let report: CacheReport
  let cache: FeatureCache?
  /// For each feature its pack; nil where nothing can be computed before the batch's length is known.
  private let parts: [Part?]
  let features: [FeaturePipeline.Feature]
  private let waveforms: FeaturePack?
  private let pipeline: FeaturePipeline
  private let clips: [ClipSource]
  let keys: [Digest]
  /// Prepared lengths; 0 where a clip is bad.
  private let lengths: Mutex<[Int]>
  private let findings: Mutex<[Diagnostic]>

  /// Finds the clips' packs; nothing is computed yet.
  init(
    _ clips: [ClipSource], pipeline: FeaturePipeline, features: [FeaturePipeline.Feature], threads: Int,
    cache wanted: FeatureCache?, keepsWaveforms: Bool, shouldStop: @Sendable () -> Bool
  ) throws {
    var findings: [Diagnostic] = []
    // A clip that nothing tells from others cannot be found again.
    let canKeep = clips.allSatisfy { if case .unknown = $0.identity { false } else { true } }
    var cache = canKeep ? wanted : nil
    let needsWaveforms = keepsWaveforms || !pipeline.isClipwise
    func open(_ cache: FeatureCache?) throws(CacheFileError) -> ([Part?], FeaturePack?, AudioDigests) {
      var parts: [Part?] = []
      for feature in features { parts.append(try Self.part(feature, of: pipeline, cache: cache)) }
      let waveforms =
        needsWaveforms
        ? try FeaturePack(PackDescription(name: "waveform", chain: pipeline.audioText), cache: cache) : nil
      return (parts, waveforms, try AudioDigests(cache))
    }
    let opened: ([Part?], FeaturePack?, AudioDigests)
    do {
      opened = try open(cache)
    } catch {
      findings.append(FeatureCache.unwritable(error, folder: cache?.folder ?? "", .warning))
      cache = nil
      opened = try Self.withoutCache { () throws(CacheFileError) in try open(nil) }
    }
    let (parts, waveforms, digests) = opened
    keys = try digests.keys(of: clips, threads: threads, shouldStop: shouldStop)
    digests.save()
    for pack in parts.compactMap({ $0?.pack }) + [waveforms].compactMap({ $0 }) {
      findings += Self.damage(of: pack)
    }
    report = CacheReport([waveforms].compactMap { $0 } + parts.compactMap { $0?.pack }, keys: keys, cache: cache)
    self.cache = cache
    self.parts = parts
    self.features = features
    self.waveforms = waveforms
    self.pipeline = pipeline
    self.clips = clips
    lengths = Mutex(Array(repeating: 0, count: clips.count))
    self.findings = Mutex(findings)
  }

  func takeFindings() -> [Diagnostic] {
    findings.withLock { findings in
      defer { findings = [] }
      return findings
    }
  }

  // MARK: Filling

  /// Computes what is not there yet, and gives the clips that cannot be used.
  ///
  /// - Throws: `CancellationError` where it was stopped, `run.features_unwritable`.
  func fill(
    threads: Int, progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?, shouldStop: @Sendable () -> Bool
  ) throws -> [(clip: Int, finding: Diagnostic)] {
    let missing = clips.indices.filter { !isComplete($0) }
    let bad = Mutex<[(clip: Int, finding: Diagnostic)]>([])
    let stopped = Mutex(false)
    let done = Mutex(0)
    concurrently(missing.count, threads: threads) { position in
      if shouldStop() {
        stopped.withLock { $0 = true }
        return
      }
      let clip = missing[position]
      do {
        try compute(clip)
      } catch let failure as DiagnosticFailure {
        bad.withLock { $0 += failure.diagnostics.map { (clip, $0) } }
      } catch {
        let finding = Diagnostic("data.audio_unreadable", .error, "\(clips[clip].name): \(error)")
        bad.withLock { $0.append((clip, finding)) }
      }
      done.withLock {
        $0 += 1
        progress?($0, missing.count)
      }
    }
    if stopped.withLock({ $0 }) { throw CancellationError() }
    noteWriteErrors()
    let failures = bad.withLock { $0 }.filter { $0.finding.id.hasPrefix("run.") }
    if let failure = failures.first { throw DiagnosticFailure([failure.finding]) }
    let known = clips.indices.map { clip in firstPack?.samples(keys[clip]) ?? 0 }
    lengths.withLock { $0 = known }
    var findings = bad.withLock { $0 }
    let badClips = Set(findings.map(\.clip))
    if pipeline.fixedSamples == nil {
      for clip in clips.indices where !badClips.contains(clip) && known[clip] < pipeline.minimumSamples {
        findings.append((clip, tooShort(clip, samples: known[clip])))
      }
    }
    let unusable = Set(findings.map(\.clip))
    lengths.withLock { for clip in unusable { $0[clip] = 0 } }
    return findings.sorted { $0.clip < $1.clip }
  }

  private var firstPack: FeaturePack? { waveforms ?? parts.compactMap { $0?.pack }.first }

  /// Whether all packs have the clip.
  private func isComplete(_ clip: Int) -> Bool {
    let key = keys[clip]
    return waveforms?.contains(key) ?? true && parts.allSatisfy { $0?.pack.contains(key) ?? true }
  }

  /// Adds the clip to the packs that do not have it.
  private func compute(_ clip: Int) throws {
    let key = keys[clip]
    let waveform = try waveforms?.values(key) ?? prepare(clip)
    if let waveforms, !waveforms.contains(key) {
      try waveforms.add(key, samples: waveform.count, values: waveform)
    }
    // Too short a clip has a waveform, but no features.
    if pipeline.fixedSamples == nil, waveform.count < pipeline.minimumSamples { return }
    let missing = parts.compactMap { $0 }.filter { !$0.pack.contains(key) }
    for (part, values) in zip(missing, computed(missing, of: waveform)) {
      try part.pack.add(key, samples: waveform.count, values: values)
    }
  }

  private func prepare(_ clip: Int) throws -> [Float] { pipeline.prepare(try clips[clip].load()) }

  /// What the packs of `parts` hold of a clip with the given waveform.
  private func computed(_ parts: [Part], of waveform: [Float]) -> [[Float]] {
    if let length = pipeline.fixedSamples {
      return pipeline.extract(parts.map(\.feature), from: pipeline.fit(waveform, to: length))
    }
    if pipeline.masks { return pipeline.extract(parts.map(\.feature), from: waveform) }
    // Features of one margin share their spectrograms.
    var analyses: [Int: WaveformAnalysis] = [:]
    return parts.map { part in
      guard let head = part.head else { return [] }
      let analysis = analyses[head.margin] ?? WaveformAnalysis(waveform, paddedTo: waveform.count + head.margin)
      analyses[head.margin] = analysis
      return head.values(of: part.feature, in: analysis)
    }
  }

  private func tooShort(_ clip: Int, samples: Int) -> Diagnostic {
    Diagnostic(
      "data.clip_too_short", .error, "\(clips[clip].name): the clip is too short for the features",
      detail:
        "It has \(samples) samples at \(pipeline.rate) Hz, the features need \(pipeline.minimumSamples). "
        + "Leave it out, use a smaller n_fft, or `length: {policy: fixed, ...}`.")
  }

  // MARK: Reading

  func samples(of clip: Int) -> Int { lengths.withLock { $0[clip] } }

  /// The audio chain, and what the length policy means for a clip by itself, as canonical text.
  var audioText: [String] { pipeline.audioText }
  var lengthText: [String] { pipeline.clipwiseLengthText }

  /// What tells a clip's sound from others.
  func key(of clip: Int) -> Digest { keys[clip] }

  /// The digests of what is stored of `clips`, by pack: everything that their features are made from.
  func digests(of clips: [Int]) -> [(name: String, digest: Digest)] {
    let packs = [waveforms].compactMap { $0 } + parts.compactMap { $0?.pack }
    return packs.map { pack in
      (pack.description.name, Digest(clips.map { pack.digest(keys[$0])?.text ?? "none" }.joined(separator: "\n")))
    }
  }

  func waveform(of clip: Int) throws -> [Float] {
    guard let waveforms else { return try prepare(clip) }
    if let values = waveforms.values(keys[clip]) { return values }
    noteDamage(of: "waveform", clip)
    let waveform = try prepare(clip)
    try waveforms.add(keys[clip], samples: waveform.count, values: waveform, replacing: true)
    return waveform
  }

  /// The length that `clip` has where no batch gives it another.
  func ownLength(of clip: Int) -> Int { pipeline.fixedSamples ?? samples(of: clip) }

  /// The values of each feature of `clip`, before they are standardized, in a batch of `length` samples.
  func values(of clip: Int, length: Int) throws -> [[Float]] {
    var analysis: WaveformAnalysis?
    return try features.indices.map { try values(of: $0, clip: clip, length: length, &analysis) }
  }

  /// The same of the one feature at `index`. Features that need the waveform share `analysis`.
  func values(of index: Int, clip: Int, length: Int, _ analysis: inout WaveformAnalysis?) throws -> [Float] {
    let feature = features[index]
    if let part = parts[index] {
      guard let head = part.head else { return try stored(part, of: clip) }
      let samples = samples(of: clip)
      if head.serves(samples: samples, length: length) {
        return head.finish(try stored(part, of: clip), of: feature, samples: samples, length: length)
      }
    }
    let waveform = try analysis ?? WaveformAnalysis(waveform(of: clip), paddedTo: length)
    analysis = waveform
    return PaddedFeature.values(of: feature.chain.steps[...], on: .waveform, in: waveform)
  }

  /// What the pack of `part` has of `clip`; computed anew where that is damaged.
  private func stored(_ part: Part, of clip: Int) throws -> [Float] {
    let count =
      part.head?.count(samples: samples(of: clip))
      ?? part.feature.shape.sizes(samples: ownLength(of: clip)).reduce(1, *)
    if let values = part.pack.values(keys[clip]), values.count == count { return values }
    noteDamage(of: part.feature.name, clip)
    let waveform = try waveform(of: clip)
    let values = computed([part], of: waveform)[0]
    try part.pack.add(keys[clip], samples: waveform.count, values: values, replacing: true)
    return values
  }

  // MARK: Findings

  private func noteDamage(of name: String, _ clip: Int) {
    let finding = Diagnostic(
      "data.cache_damaged", .warning, "the cached \(name) of \(clips[clip].name) is damaged; it is computed again",
      detail: "Its bytes do not have their checksum. `serspec cache verify` looks at all of the cache.")
    findings.withLock { $0.append(finding) }
  }

  private func noteWriteErrors() {
    guard let cache else { return }
    let packs = parts.compactMap { $0?.pack } + [waveforms].compactMap { $0 }
    guard let error = packs.lazy.compactMap(\.writeError).first else { return }
    findings.withLock { $0.append(FeatureCache.unwritable(error, folder: cache.folder, .warning)) }
  }

  private static func damage(of pack: FeaturePack) -> [Diagnostic] {
    let damage = pack.damage
    guard damage.header || damage.records > 0 else { return [] }
    let what = damage.header ? "all entries" : "\(damage.records) \(damage.records == 1 ? "entry" : "entries")"
    return [
      Diagnostic(
        "data.cache_damaged", .warning,
        "\(what) of the cached \(pack.description.name) \(damage.header || damage.records > 1 ? "are" : "is") damaged; what is missing is computed again",
        detail: "Bytes of the cache do not have their checksum, or were cut off.")
    ]
  }

  // MARK: Opening

  private static func withoutCache<Value>(_ open: () throws(CacheFileError) -> Value) throws -> Value {
    do {
      return try open()
    } catch {
      throw DiagnosticFailure([
        Diagnostic("run.features_unwritable", "there is no room for the features", detail: error.text)
      ])
    }
  }

  private static func part(
    _ feature: FeaturePipeline.Feature, of pipeline: FeaturePipeline, cache: FeatureCache?
  ) throws(CacheFileError) -> Part? {
    if pipeline.isClipwise {
      let chain = pipeline.audioText + pipeline.clipwiseLengthText + feature.text.flatMap { $0 }
      let pack = try FeaturePack(PackDescription(name: feature.name, chain: chain), cache: cache)
      return Part(feature: feature, pack: pack, head: nil)
    }
    guard let head = PaddableHead(feature) else { return nil }
    let chain =
      pipeline.audioText + ["padded", "padded.margin = \(head.margin)"] + feature.text.prefix(head.steps).flatMap { $0 }
    let pack = try FeaturePack(PackDescription(name: feature.name, chain: chain), cache: cache)
    return Part(feature: feature, pack: pack, head: head)
  }
}
