import Audio
import Corpus
import Diagnostics
import Spec
import Testing

@Suite struct AugmentationTests {
  private static let lengths = [16000, 9000, 20001, 12345, 16000, 8000]
  private let clips = lengths.enumerated().map { Tone.source(count: $1, pitch: 120 + 30 * Double($0)) }
  private let all = Array(lengths.indices)

  /// Every kind, the ones of waveforms in both places.
  private static let everything = """
    [noise: {snr: [10, 20], p: 0.5, before: z_score}, time_stretch: {rate: [0.8, 1.25], p: 0.3},
     pitch_shift: {semitones: [-4, 4], p: 0.3, before: z_score}, shift: {share: [-0.3, 0.3], p: 0.5},
     gain: {factor: [0.7, 1.3], p: 0.5}, spec_augment: {freq_mask: 5, time_mask: 20, p: 0.5}, mixup: 0.4]
    """

  @Test func kindsAreDocumented() {
    let kinds = AugmentationCatalog.kinds
    #expect(kinds.count == 7 && Set(kinds.map(\.name)).count == 7)
    for kind in kinds {
      #expect(!kind.summary.isEmpty && !kind.formula.isEmpty && kind.example.contains(kind.name), "\(kind.name)")
      #expect(kind.table.fields.allSatisfy { !$0.doc.isEmpty } && kind.table.field("p") != nil, "\(kind.name)")
    }
  }

  @Test("what does not happen changes nothing", arguments: AugmentedStore.lengths)
  func probabilityZero(length: String) throws {
    let made = try AugmentedStore(
      clips,
      augment: """
        [noise: {amplitude: 1, p: 0}, time_stretch: {rate: 2, p: 0}, spec_augment: {freq_mask: 9, time_mask: 9, p: 0}, mixup: {p: 0}]
        """, length: length)
    let (batch, mixture) = try made.batch(of: [3, 0, 5])
    let plain = try made.store.batch(of: [3, 0, 5])
    #expect(batch.shapes == plain.shapes && batch.values == plain.values && mixture == nil)
    #expect(!made.augmentation.isEmpty)
    #expect(try AugmentedStore(clips, augment: "[]", length: length).augmentation.isEmpty)
  }

  @Test(
    "the same numbers give the same bits on any number of threads",
    arguments: AugmentedStore.lengths)
  func threads(length: String) throws {
    let batches = try [1, 2, 5].map { threads in
      try AugmentedStore(clips, augment: Self.everything, length: length, threads: threads).batch(of: all)
    }
    #expect(batches.allSatisfy { $0.batch.values == batches[0].batch.values })
    #expect(batches.allSatisfy { $0.mixture?.partners == batches[0].mixture?.partners })
    let made = try AugmentedStore(clips, augment: Self.everything, length: length)
    #expect(try made.batch(of: all, epoch: 1).batch.values != batches[0].batch.values, "another epoch is another draw")
    let plain = try made.store.batch(of: all)
    #expect(try made.store.batch(of: all).values == plain.values, "the clips themselves are not touched")
  }

  @Test("what happens to a clip does not depend on its batch")
  func batches() throws {
    let made = try AugmentedStore(
      clips,
      augment:
        "[noise: {relative: 0.1, p: 0.5}, shift: {share: [-0.2, 0.2]}, spec_augment: {freq_mask: 5, time_mask: 20}]",
      length: "{policy: fixed, seconds: 1}")
    let (together, alone) = (try made.batch(of: all).batch, try made.batch(of: [4]).batch)
    for (feature, values) in alone.values.enumerated() {
      #expect(Array(together.values[feature][4 * values.count..<5 * values.count]) == values)
    }
  }

  @Test("a waveform is changed where the spec says")
  func places() throws {
    /// The root mean square of the noise that a feature of the waveform's power sees.
    func gains(_ augment: String) throws -> [Float] {
      try AugmentedStore(clips, augment: augment, length: "{policy: fixed, seconds: 1}").batch(of: [0]).batch.values[0]
    }
    let plain = try gains("[]")
    // z_score takes a gain back, up to rounding; behind it, it counts.
    let before = try gains("[gain: {factor: 0.5, before: z_score}]")
    let behind = try gains("[gain: {factor: 0.5}]")
    let rms = 26 * 101..<27 * 101
    #expect(zip(plain[rms], before[rms]).allSatisfy { abs($0 - $1) < 1e-4 })
    #expect(zip(plain[rms], behind[rms]).allSatisfy { abs($0 * 0.5 - $1) < 1e-4 })
    #expect(plain[rms].max() ?? 0 > 0.5)
  }

  @Test("a stretched clip has its new length before the length policy")
  func stretchedLengths() throws {
    let made = try AugmentedStore(clips, augment: "[time_stretch: {rate: 0.5}]", length: "batch_longest")
    // 9000 and 12345 samples become 18000 and 24690: 1 + 24690 / 160 frames.
    #expect(try made.batch(of: [1, 3]).batch.shapes[0] == [27, 155])
    // The longest is too short for a frame of 1024 mirrored samples: zeros fill it up.
    let fast = try AugmentedStore(
      [Tone.source(count: 2000, pitch: 200)], augment: "[time_stretch: {rate: 10}]", length: "batch_longest")
    #expect(try fast.batch(of: [0]).batch.values.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  @Test("mixup mixes clips with one share and tells it")
  func mixup() throws {
    let made = try AugmentedStore(clips, augment: "[mixup: {alpha: 1}]", length: "{policy: fixed, seconds: 1}")
    let plain = try made.store.batch(of: all)
    var shares: Set<Float> = []
    for epoch in 0..<8 {
      let (batch, mixture) = try made.batch(of: all, epoch: epoch)
      let found = try #require(mixture)
      #expect(found.partners.sorted() == all && (0...1).contains(found.share))
      shares.insert(found.share)
      for (values, expected) in zip(batch.values, plain.values) {
        let size = values.count / all.count
        for (clip, partner) in found.partners.enumerated() {
          for index in stride(from: 0, to: size, by: 97) {
            let mixed =
              found.share * expected[clip * size + index] + (1 - found.share) * expected[partner * size + index]
            #expect(abs(values[clip * size + index] - mixed) < 1e-5)
          }
        }
      }
    }
    #expect(shares.count == 8)
  }

  @Test("with masks a clip's changed features are its own, and as long as it has become")
  func masks() throws {
    let made = try AugmentedStore(
      clips, augment: "[time_stretch: {rate: [0.5, 2], p: 0.6}, spec_augment: {freq_mask: 5, time_mask: 20, p: 0.6}]",
      length: "{policy: batch_longest, masks: true}")
    let together = try made.batch(of: all).batch
    let longest = try #require(together.shapes[0].last)
    #expect(together.lengths[0].max() == longest && Set(together.lengths[0]).count > 3)
    for clip in all {
      let alone = try made.batch(of: [clip]).batch
      let frames = alone.lengths[0][0]
      #expect(frames == together.lengths[0][clip])
      for row in 0..<27 {
        let start = (clip * 27 + row) * longest
        #expect(
          Array(together.values[0][start..<start + frames]) == Array(alone.values[0][row * frames..<(row + 1) * frames])
        )
        #expect(together.values[0][start + frames..<start + longest].allSatisfy { $0 == 0 })
      }
    }
    let mixed = try AugmentedStore(clips, augment: "[mixup: 1]", length: "{policy: batch_longest, masks: true}")
    let (batch, mixture) = try mixed.batch(of: all)
    let own = try mixed.store.batch(of: all).lengths[0]
    #expect(try batch.lengths[0] == zip(own, #require(mixture).partners).map { max($0, own[$1]) })
  }

  @Test func onlyNamedFeaturesAreMasked() throws {
    let made = try AugmentedStore(
      clips, augment: "[spec_augment: {freq_mask: 64, time_mask: 64, freq_masks: 4, features: [mel_image]}]",
      length: "{policy: fixed, seconds: 1}")
    let (batch, plain) = (try made.batch(of: all).batch, try made.store.batch(of: all))
    #expect(batch.values[0] == plain.values[0] && batch.values[1] != plain.values[1])
    #expect(zip(batch.values[1], plain.values[1]).allSatisfy { $0 == $1 || $0 == 0 })
  }

  @Test("a clip that is gone is named")
  func missingClips() throws {
    let failure = DiagnosticFailure([Diagnostic("data.audio_missing", "gone")])
    let flaky = Flaky(Tone.source(count: 16000, pitch: 200), failure)
    let made = try AugmentedStore([flaky.source], augment: "[gain: {db: 3}]", length: "{policy: fixed, seconds: 1}")
    #expect(findings { _ = try made.batch(of: [0]) }.map(\.summary) == ["gone"])
  }
}
