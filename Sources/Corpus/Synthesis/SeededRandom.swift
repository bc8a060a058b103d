/// A small deterministic generator for the demo speech: SplitMix64 (Steele, Lea & Flood 2014, "Fast Splittable
/// Pseudorandom Number Generators", OOPSLA), seeded from texts by FNV-1a, so that everything drawn for a speaker or a
/// clip depends on its name alone and not on what was made before it.
struct SeededRandom {
  private var state: UInt64

  /// The stream of `seed` and `names`; other names give an unrelated stream.
  init(seed: Int, _ names: String...) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    for shift in stride(from: 0, to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: seed >> shift)) }
    for name in names {
      for byte in name.utf8 { mix(byte) }
      // 0xFF is in no UTF-8 text: it keeps ("ab", "c") and ("a", "bc") apart.
      mix(0xFF)
    }
    state = hash
  }

  /// The next 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// Uniform in [low, high).
  mutating func uniform(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * Float(next() >> 40) * 0x1p-24
  }

  /// About normal with mean 0 and deviation 1: the sum of four uniform numbers, so never beyond 3.5. Made without
  /// logarithms, as noise takes one a sample.
  mutating func normal() -> Float {
    let word = next()
    let sum = (word & 0xFFFF) + (word >> 16 & 0xFFFF) + (word >> 32 & 0xFFFF) + (word >> 48)
    return (Float(sum) - 131_070) * (1.732_050_8 / 65_536)
  }
}
