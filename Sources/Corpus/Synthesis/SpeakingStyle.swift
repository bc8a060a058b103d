import Foundation
import Spec

/// How far speech is from its speaker's neutral voice, on the scales of `speakingStyleTable`. Factors are kept as their
/// logarithms, so that neutral is zero on every scale and distances can be scaled and added.
struct SpeakingStyle: Sendable {
  /// Semitones.
  var pitch: Float = 0
  /// Logarithm of a factor.
  var range: Float = 0
  /// Semitones over the utterance.
  var contour: Float = 0
  /// Logarithm of a factor.
  var tempo: Float = 0
  /// Decibels.
  var loudness: Float = 0
  /// Decibels at 3 kHz.
  var tilt: Float = 0
  /// Percent.
  var jitter: Float = 0
  /// Decibels.
  var breathiness: Float = 0
  /// Logarithm of a factor.
  var articulation: Float = 0

  static let scales: [WritableKeyPath<SpeakingStyle, Float> & Sendable] = [
    \.pitch, \.range, \.contour, \.tempo, \.loudness, \.tilt, \.jitter, \.breathiness, \.articulation,
  ]

  init() {}

  /// Reads an entry of `styles`.
  init(_ values: FieldValues) {
    // A range or factor of nothing would be a logarithm of minus infinity.
    func logarithm(_ name: String) -> Float { Float(log(max(0.01, values.number(name)))) }
    pitch = Float(values.number("pitch"))
    range = logarithm("range")
    contour = Float(values.number("contour"))
    tempo = logarithm("tempo")
    loudness = Float(values.number("loudness"))
    tilt = Float(values.number("tilt"))
    jitter = Float(values.number("jitter"))
    breathiness = Float(values.number("breathiness"))
    articulation = logarithm("articulation")
  }

  /// Itself, `factor` times as far from neutral, plus `spread` times a normal number on each scale.
  func scaled(by factor: Float, straying spread: SpeakingStyle, times amount: Float, _ random: inout SeededRandom)
    -> SpeakingStyle
  {
    var style = self
    for scale in Self.scales {
      style[keyPath: scale] = self[keyPath: scale] * factor + spread[keyPath: scale] * amount * random.normal()
    }
    return style
  }

  /// How far each speaker's own way of showing a feeling strays from the style: one deviation.
  static let speakerSpread = SpeakingStyle(
    pitch: 0.8, range: 0.14, contour: 0.8, tempo: 0.04, loudness: 1.3, tilt: 1.4, jitter: 0.12, breathiness: 1.4,
    articulation: 0.04)

  /// How far each take strays from the speaker's way: one deviation.
  static let takeSpread = SpeakingStyle(
    pitch: 1.0, range: 0.17, contour: 1.0, tempo: 0.06, loudness: 1.7, tilt: 1.7, jitter: 0.17, breathiness: 1.7,
    articulation: 0.05)

  /// One deviation of how strongly a take shows its feeling, as a share of the style; some takes are barely acted.
  static let takeStrengthSpread: Float = 0.3

  private init(
    pitch: Float, range: Float, contour: Float, tempo: Float, loudness: Float, tilt: Float, jitter: Float,
    breathiness: Float, articulation: Float
  ) {
    self.pitch = pitch
    self.range = range
    self.contour = contour
    self.tempo = tempo
    self.loudness = loudness
    self.tilt = tilt
    self.jitter = jitter
    self.breathiness = breathiness
    self.articulation = articulation
  }
}
