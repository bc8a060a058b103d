/// How one speech sound is made.
struct Phone: Sendable {
  enum Manner: Sendable {
    /// Vowels, liquids, nasals and glides.
    case sonorant
    case fricative
    /// A closure, a burst and, where the voice is off, aspiration.
    case stop
  }

  /// Noise made at a narrowing: centre and bandwidth in Hz, level as an amplitude.
  struct Noise: Sendable {
    let centre: Float
    let bandwidth: Float
    let level: Float
  }

  let manner: Manner
  /// F1, F2, F3 in Hz for men and for women.
  let men: SIMD3<Float>
  let women: SIMD3<Float>
  /// Where a diphthong ends.
  let glide: (men: SIMD3<Float>, women: SIMD3<Float>)?
  /// Amplitude of the voice, 0 to 1.
  let voicing: Float
  let noise: Noise?
  /// Stressed, at normal tempo, in seconds.
  let duration: Float
  /// Factor on the bandwidths of the formants: nasals are damped.
  let damping: Float
  /// Whether the sound carries a syllable.
  let isVowel: Bool
}

extension Phone {
  /// The sounds by their ARPAbet names.
  ///
  /// Vowels: means of Peterson & Barney 1952, "Control methods used in a study of the vowels", JASA 24, table II (their
  /// men and women). Consonant formants (loci for stops), noise spectra and durations: rounded from Klatt 1980,
  /// "Software for a cascade/parallel formant synthesizer", JASA 67, tables II and III, and Klatt 1979, "Synthesis by rule
  /// of segmental durations"; women's as 1.17 times men's.
  static let all: [String: Phone] = [
    "IY": vowel([270, 2290, 3010], [310, 2790, 3310], 0.155),
    "IH": vowel([390, 1990, 2550], [430, 2480, 3070], 0.135),
    "EH": vowel([530, 1840, 2480], [610, 2330, 2990], 0.150),
    "AE": vowel([660, 1720, 2410], [860, 2050, 2850], 0.200),
    "AA": vowel([730, 1090, 2440], [850, 1220, 2810], 0.200),
    "AO": vowel([570, 840, 2410], [590, 920, 2710], 0.200),
    "UH": vowel([440, 1020, 2240], [470, 1160, 2680], 0.140),
    "UW": vowel([300, 870, 2240], [370, 950, 2670], 0.170),
    "AH": vowel([640, 1190, 2390], [760, 1400, 2780], 0.140),
    "ER": vowel([490, 1350, 1690], [500, 1640, 1960], 0.170),
    "EY": vowel([530, 1840, 2480], [610, 2330, 2990], 0.190, to: ([330, 2150, 2750], [370, 2650, 3200])),
    "OW": vowel([550, 920, 2400], [600, 1000, 2700], 0.200, to: ([400, 880, 2250], [440, 1000, 2670])),
    "AY": vowel([730, 1150, 2440], [850, 1300, 2810], 0.220, to: ([390, 1990, 2550], [430, 2480, 3070])),
    "L": sonorant([330, 1050, 2880], voicing: 0.6, 0.075),
    "R": sonorant([330, 1060, 1380], voicing: 0.6, 0.075),
    "W": sonorant([290, 610, 2150], voicing: 0.6, 0.075),
    "Y": sonorant([260, 2070, 3020], voicing: 0.6, 0.070),
    "M": sonorant([280, 1100, 2130], voicing: 0.4, 0.075, damping: 2.2),
    "N": sonorant([280, 1500, 2470], voicing: 0.4, 0.070, damping: 2.2),
    "S": fricative([320, 1390, 2530], Noise(centre: 5800, bandwidth: 2200, level: 0.16), voicing: 0, 0.115),
    "SH": fricative([300, 1840, 2750], Noise(centre: 3000, bandwidth: 1300, level: 0.20), voicing: 0, 0.115),
    "F": fricative([340, 1100, 2080], Noise(centre: 4200, bandwidth: 5200, level: 0.05), voicing: 0, 0.105),
    "Z": fricative([240, 1390, 2530], Noise(centre: 5800, bandwidth: 2200, level: 0.09), voicing: 0.3, 0.080),
    "V": fricative([220, 1100, 2080], Noise(centre: 4200, bandwidth: 5200, level: 0.03), voicing: 0.35, 0.065),
    "P": stop([400, 1000, 2150], Noise(centre: 900, bandwidth: 1100, level: 0.20), voicing: 0, 0.090),
    "T": stop([400, 1700, 2600], Noise(centre: 4300, bandwidth: 2000, level: 0.32), voicing: 0, 0.085),
    "K": stop([300, 1990, 2450], Noise(centre: 2000, bandwidth: 700, level: 0.30), voicing: 0, 0.085),
    "B": stop([200, 1000, 2150], Noise(centre: 900, bandwidth: 1100, level: 0.12), voicing: 0.12, 0.080),
    "D": stop([200, 1700, 2600], Noise(centre: 4300, bandwidth: 2000, level: 0.20), voicing: 0.12, 0.070),
    "G": stop([200, 1990, 2450], Noise(centre: 2000, bandwidth: 700, level: 0.20), voicing: 0.12, 0.075),
  ]

  private static func vowel(
    _ men: SIMD3<Float>, _ women: SIMD3<Float>, _ duration: Float,
    to glide: (men: SIMD3<Float>, women: SIMD3<Float>)? = nil
  ) -> Phone {
    Phone(
      manner: .sonorant, men: men, women: women, glide: glide, voicing: 1, noise: nil, duration: duration, damping: 1,
      isVowel: true)
  }

  private static func sonorant(_ men: SIMD3<Float>, voicing: Float, _ duration: Float, damping: Float = 1) -> Phone {
    consonant(.sonorant, men, nil, voicing, duration, damping)
  }

  private static func fricative(_ men: SIMD3<Float>, _ noise: Noise, voicing: Float, _ duration: Float) -> Phone {
    consonant(.fricative, men, noise, voicing, duration, 1.5)
  }

  private static func stop(_ men: SIMD3<Float>, _ noise: Noise, voicing: Float, _ duration: Float) -> Phone {
    consonant(.stop, men, noise, voicing, duration, 1.5)
  }

  private static func consonant(
    _ manner: Manner, _ men: SIMD3<Float>, _ noise: Noise?, _ voicing: Float, _ duration: Float, _ damping: Float
  ) -> Phone {
    Phone(
      manner: manner, men: men, women: men * 1.17, glide: nil, voicing: voicing, noise: noise, duration: duration,
      damping: damping, isVowel: false)
  }
}
