import Foundation

/// One take of a sentence as the tracks that the vocal tract is steered by, a frame each 5 ms.
struct Utterance: Sendable {
  /// The state of voice and mouth in the middle of a frame.
  struct Frame: Sendable {
    /// Hz.
    var pitch: Float = 100
    /// Amplitude of the glottal pulses.
    var voicing: Float = 0
    /// Amplitude of breath noise through the whole tract.
    var aspiration: Float = 0
    /// Amplitude, centre and bandwidth (Hz) of noise made at a narrowing.
    var noise: Float = 0
    var noiseCentre: Float = 3000
    var noiseBandwidth: Float = 2000
    /// F1 to F3 in Hz.
    var formants = SIMD3<Float>(500, 1500, 2500)
    /// Factor on the formants' bandwidths.
    var damping: Float = 1
  }

  static let frameSeconds: Float = 0.005

  let frames: [Frame]

  /// Plans `sentence` spoken by `voice` with `style`, in exactly `frameCount` frames if given, else as long as it takes.
  init(_ sentence: Sentence, voice: Voice, style: SpeakingStyle, frameCount: Int?, _ random: inout SeededRandom) {
    let rate = voice.rate * exp(style.tempo)
    let durations = sentence.sounds.indices.map { index in
      Self.duration(of: index, in: sentence, rate: rate) * exp(0.06 * random.normal())
    }
    var margins = (before: random.uniform(0.15, 0.40), after: random.uniform(0.20, 0.45))
    var stretch: Float = 1
    let speech = durations.reduce(0, +)
    if let frameCount {
      // A given length is met by the pauses first, then by the tempo as far as it stays natural, then by the pauses again.
      let total = Float(frameCount) * Self.frameSeconds
      let shortest = min(0.1, 0.05 * total)
      stretch = min(1.35, max(total - margins.before - margins.after, min(speech, total - 2 * shortest)) / speech)
      let pause = max(0, total - speech * stretch)
      let share = margins.before / (margins.before + margins.after)
      margins = (pause * share, pause * (1 - share))
    }
    let timed = Self.schedule(sentence, durations.map { $0 * stretch }, from: margins.before)
    let end = margins.before + speech * stretch
    let count = frameCount ?? Int(((end + margins.after) / Self.frameSeconds).rounded(.up))
    var frames = Array(repeating: Frame(), count: count)
    let articulation = ArticulationPlan(voice: voice, style: style)
    articulation.apply(to: &frames, timed)
    Self.applyPitch(to: &frames, timed, voice: voice, style: style, from: margins.before, to: end, &random)
    self.frames = frames
  }

  /// A sound with its place in time.
  struct TimedSound {
    let phone: Phone
    let isStressed: Bool
    let start: Float
    let duration: Float
    /// Place in the sentence, 0 at its beginning and 1 at its end.
    let progress: Float
  }

  private static func schedule(_ sentence: Sentence, _ durations: [Float], from start: Float) -> [TimedSound] {
    var time = start
    let total = durations.reduce(0, +)
    return zip(sentence.sounds, durations).map { sound, duration in
      defer { time += duration }
      return TimedSound(
        phone: sound.phone, isStressed: sound.isStressed, start: time, duration: duration,
        progress: (time - start) / total)
    }
  }

  /// Stressed vowels are long, unstressed ones short, the last one is drawn out (Klatt 1979).
  private static func duration(of index: Int, in sentence: Sentence, rate: Float) -> Float {
    let sound = sentence.sounds[index]
    var factor: Float = sound.isStressed ? 1.1 : 0.85
    if sound.phone.isVowel, !sound.isStressed { factor = 0.65 }
    if sound.phone.isVowel, index >= sentence.sounds.count - 2 { factor *= 1.5 }
    return sound.phone.duration * factor / rate
  }

  /// Pitch in semitones about the speaker's: a fall over the sentence (declination), a rise at each stressed vowel, the
  /// style's contour, a slow drift.
  private static func applyPitch(
    to frames: inout [Frame], _ sounds: [TimedSound], voice: Voice, style: SpeakingStyle, from start: Float,
    to end: Float,
    _ random: inout SeededRandom
  ) {
    let range = exp(style.range)
    let stressed = sounds.filter { $0.isStressed && $0.phone.isVowel }
    let accents = stressed.map { sound in
      (
        centre: sound.start + 0.4 * sound.duration, width: 0.5 * sound.duration + 0.09,
        height: voice.accent * exp(0.25 * random.normal())
      )
    }
    let driftPhase = random.uniform(0, 2 * .pi)
    let driftRate = random.uniform(1.5, 3) * 2 * .pi
    var semitones: [Float] = frames.indices.map { index in
      let time = (Float(index) + 0.5) * frameSeconds
      let progress = min(1, max(0, (time - start) / max(0.001, end - start)))
      var excursion = -3 * (progress - 0.5) - 2 * max(0, progress - 0.85) / 0.15
      for accent in accents {
        let distance = (time - accent.centre) / accent.width
        if abs(distance) < 1 { excursion += accent.height * 0.5 * (1 + cos(.pi * distance)) }
      }
      return range * (excursion + 0.3 * sin(driftPhase + driftRate * time)) + style.contour * (progress - 0.5)
    }
    let spoken = frames.indices.filter { frames[$0].voicing > 0.3 }
    let mean = spoken.reduce(0) { $0 + semitones[$1] } / Float(max(1, spoken.count))
    for index in frames.indices {
      semitones[index] += style.pitch - mean
      frames[index].pitch = min(600, max(50, voice.pitch * exp2(semitones[index] / 12)))
    }
  }
}
