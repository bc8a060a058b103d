import Foundation

/// A speaker of the demo corpus: everything that stays the same from take to take, drawn from the speaker's name.
struct Voice: Sendable {
  let isWoman: Bool
  /// Factor on all formants beside those of the average man or woman: the length of the vocal tract.
  let tract: Float
  /// Neutral mean pitch in Hz.
  let pitch: Float
  /// How far an accent rises, in semitones.
  let accent: Float
  /// Factor on the rate of speech.
  let rate: Float
  /// Share of the glottal period that the folds are open.
  let openQuotient: Float
  /// Loss of the source at 3 kHz, in decibels.
  let tilt: Float
  /// Level of aspiration noise beside the voice, in decibels.
  let breathiness: Float
  /// Irregularity of the periods, in percent.
  let jitter: Float
  /// Irregularity of the pulses' amplitudes, as a share.
  let shimmer: Float
  /// Level in decibels.
  let level: Float
  /// How strongly the speaker shows feelings, as a factor.
  let expressiveness: Float
  /// Level of the room's noise, in decibels below full scale.
  let room: Float

  /// The voice of `name`. Speakers with odd numbers are men and with even ones women; for other names a coin decides.
  ///
  /// Pitch, its spread and the share of breathiness: Baken & Orlikoff 2000, "Clinical Measurement of Speech and Voice",
  /// and Klatt & Klatt 1990, JASA 87, for the sexes' differences in open quotient, tilt and aspiration.
  init(name: String, seed: Int) {
    var random = SeededRandom(seed: seed, "speaker", name)
    let coin = random.next() & 1 == 0
    isWoman = Int(name).map { $0 % 2 == 0 } ?? coin
    tract = exp(0.04 * random.normal())
    pitch = (isWoman ? 205 : 118) * exp2(2.2 * random.normal() / 12)
    accent = 3 * exp(0.2 * random.normal())
    rate = exp(0.09 * random.normal())
    openQuotient = (isWoman ? 0.65 : 0.55) + 0.04 * random.normal()
    tilt = (isWoman ? 14 : 11) + 2.5 * random.normal()
    breathiness = (isWoman ? -26 : -30) + 2.5 * random.normal()
    jitter = 0.6 * exp(0.3 * random.normal())
    shimmer = 0.03 * exp(0.3 * random.normal())
    level = 2.5 * random.normal()
    expressiveness = exp(0.22 * random.normal())
    room = -62 + 4 * random.normal()
  }
}
