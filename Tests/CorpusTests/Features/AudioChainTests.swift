import Audio
import Corpus
import Foundation
import Testing

/// Steps of the audio chain, against librosa and torchaudio where these have them.
@Suite struct AudioChainTests {
  @Test(arguments: [
    ("preemphasis", "pre_emphasis", Float(1e-6)), ("preemphasis_5", "pre_emphasis: 0.5", 1e-6),
    ("peak", "peak_normalize", 1e-6), ("rms", "rms_normalize: -26", 1e-6),
  ])
  func samplesAreThoseOfTheReference(name: String, step: String, bound: Float) throws {
    let prepared = try prepare([try Self.voice()], "[resample: 16000, mono, \(step)]")
    let expected = try SoundSpec.reference(name)
    #expect(zip(prepared, expected).allSatisfy { abs($0 - $1) < bound })
    #expect(prepared.count == (try Self.voice().count))
  }

  @Test(arguments: [
    ("width", 48000, 16000, "lowpass_filter_width: 64, rolloff: 0.9475937167399596"),
    ("kaiser", 44100, 16000, "resampling_method: sinc_interp_kaiser"),
    (
      "kaiser_64", 8000, 16000,
      "lowpass_filter_width: 64, rolloff: 0.9475937167399596, resampling_method: sinc_interp_kaiser"
    ),
    ("beta", 48000, 16000, "resampling_method: sinc_interp_kaiser, beta: 5"),
  ])
  func resamplingHasTorchaudiosParameters(name: String, from: Int, to: Int, fields: String) throws {
    let pipeline = try SoundSpec.pipeline(audio: "[mono, resample: {rate: \(to), \(fields)}]")
    let part = Array(try Self.voice()[3000..<4000])
    let prepared = pipeline.prepare(Clip(channels: [part], rate: from))
    let expected = try SoundSpec.reference("resample_\(name)")
    try #require(prepared.count == expected.count)
    #expect(zip(prepared, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: [
    ("trim", "trim", 1), ("trim_20", "trim: {top_db: 20, frame_length: 512, hop_length: 128}", 1),
    ("trim_pair", "trim: {top_db: 20, frame_length: 512, hop_length: 128}", 2),
    ("split", "vad: {method: energy, top_db: 30, frame_length: 512, hop_length: 128}", 1),
    ("split_pair", "vad: {method: energy, top_db: 30, frame_length: 512, hop_length: 128}", 2),
  ])
  func intervalsAreThoseOfLibrosa(name: String, step: String, channels: Int) throws {
    let sound = Array(try Self.soft().prefix(channels))
    let edges = try SoundSpec.reference(name).map { Int($0) }
    let kept = stride(from: 0, to: edges.count, by: 2).flatMap { index in
      (edges[index]..<edges[index + 1]).map { sample in sound.reduce(0) { $0 + $1[sample] } / Float(channels) }
    }
    #expect(try prepare(sound, "[\(step), resample: 16000, mono]") == kept)
  }

  @Test(arguments: ["none", "energy", "statistical"])
  func silenceAndSingleSamplesSurvive(method: String) throws {
    for sound in [[Float]](arrayLiteral: [0.5], [Float](repeating: 0, count: 3000), [1, -1]) {
      let steps = "[trim, vad: \(method), pre_emphasis, peak_normalize, rms_normalize, z_score, resample: 16000, mono]"
      let prepared = try prepare([sound], steps)
      #expect(!prepared.isEmpty && prepared.allSatisfy { $0.isFinite }, "\(method), \(sound.count) samples")
    }
    #expect(try prepare([[]], "[trim, vad: \(method), pre_emphasis, resample: 16000, mono]").isEmpty)
  }

  @Test func withoutAMethodNothingChanges() throws {
    let sound = try Self.soft()[0]
    #expect(try prepare([sound], "[vad: none, resample: 16000, mono]") == sound)
  }

  /// Half a second of noise, a second of a harmonic tone in it, half a second of noise.
  @Test(arguments: [16000, 48000], [0.001, 0.02])
  func statisticalActivityFindsTheVoice(rate: Int, level: Double) throws {
    let sound = Self.voiceInNoise(rate: rate, level: level, voiced: 0.5..<1.5)
    let found = StatisticalActivity().intervals([sound], rate: rate)
    let total = found.reduce(0) { $0 + $1.count }
    let voiced = Int(0.5 * Double(rate))..<Int(1.5 * Double(rate))
    let inside = found.reduce(0) { $0 + $1.clamped(to: voiced).count }
    #expect(Double(inside) > 0.95 * Double(rate), "\(found)")
    #expect(Double(total - inside) < 0.25 * Double(rate), "\(found)")
    // Before another rate: the step knows the clip's own.
    let prepared = try prepare([sound], "[vad: statistical, resample: 8000, mono]", rate: rate)
    #expect(abs(prepared.count - total * 8000 / rate) < 2)
  }

  @Test func clipsWithoutSpeechAreKeptWhole() throws {
    let noise = Self.voiceInNoise(rate: 16000, level: 0.1, voiced: 0..<0)
    #expect(StatisticalActivity().intervals([noise], rate: 16000).isEmpty)
    #expect(try prepare([noise], "[vad: statistical, resample: 16000, mono]") == noise)
  }

  @Test func digitalSilenceBeforeTheVoiceIsNoMeasure() {
    // Nothing, then soft noise, then a voice: the noise must not pass for speech for ever.
    let noisy = Self.voiceInNoise(rate: 16000, level: 0.001, voiced: 0.5..<1.5)
    let found = StatisticalActivity().intervals([[Float](repeating: 0, count: 8000) + noisy], rate: 16000)
    #expect(found.contains { $0.contains(24000) })
    #expect(!found.contains { $0.contains(4000) })
  }

  @Test(arguments: [
    ("[mono, vad: statistical, trim, resample: 8000, z_score]", 8000),
    ("[pre_emphasis, resample: 16000, vad: energy, mono, peak_normalize]", 16000),
    ("[resample: 44100, rms_normalize, mono, resample: 16000]", 16000),
  ])
  func anyOrderWorks(audio: String, rate: Int) throws {
    let sound = Self.voiceInNoise(rate: 48000, level: 0.01, voiced: 0.5..<1.5)
    let pipeline = try SoundSpec.pipeline(audio: audio)
    #expect(pipeline.rate == rate)
    let prepared = pipeline.prepare(Clip(channels: [sound, sound.reversed()], rate: 48000))
    #expect(prepared.count > rate / 2 && prepared.allSatisfy { $0.isFinite })
  }

  private func prepare(_ channels: [[Float]], _ audio: String, rate: Int = 16000) throws -> [Float] {
    try SoundSpec.pipeline(audio: audio).prepare(Clip(channels: channels, rate: rate))
  }

  private static func voice() throws -> [Float] {
    try AudioDecoder.decode(path: SoundSpec.voicePath).channels[0]
  }

  /// The voice between two softer stretches, and that moved by 3,000 samples at half the level, as in make_features.py.
  private static func soft() throws -> [[Float]] {
    let voice = try voice()
    let soft = voice[..<4000].map { $0 * 0.003 } + voice + voice[4000..<8000].map { $0 * 0.003 }
    return [soft, (soft.suffix(3000) + soft.dropLast(3000)).map { $0 * 0.5 }]
  }

  private static func voiceInNoise(rate: Int, level: Double, voiced: Range<Double>) -> [Float] {
    var state: UInt64 = 1
    return (0..<2 * rate).map { index in
      // Marsaglia's xorshift: any noise will do.
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      let noise = level * (Double(state >> 11) / Double(1 << 52) - 1)
      let time = Double(index) / Double(rate)
      guard voiced.contains(time) else { return Float(noise) }
      let tone = (1...12).reduce(0) { $0 + sin(2 * .pi * 140 * Double($1) * time) / Double($1) }
      return Float(noise + 0.2 * tone)
    }
  }
}
