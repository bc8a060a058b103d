/// NumPy's legacy `RandomState`: the generator that scikit-learn draws from, bit for bit, so that a split here is the
/// split there.
///
/// The generator is MT19937 (Matsumoto & Nishimura 1998, "Mersenne Twister", ACM TOMACS 8(1)), seeded by its
/// `init_genrand` (Knuth's multiplier 1812433253), not by `init_by_array`.
public struct LegacyRandomState: Sendable {
  private static let length = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = length

  /// The generator that `numpy.random.RandomState(seed)` makes.
  public init(seed: UInt32) {
    state = []
    state.reserveCapacity(Self.length)
    var word = seed
    for index in 0..<Self.length {
      state.append(word)
      word = 1_812_433_253 &* (word ^ (word >> 30)) &+ UInt32(index + 1)
    }
  }

  /// The next 32 random bits.
  public mutating func next() -> UInt32 {
    if position == Self.length { regenerate() }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C_5680
    word ^= (word << 15) & 0xEFC6_0000
    return word ^ (word >> 18)
  }

  /// The next block of 624 words.
  private mutating func regenerate() {
    for index in 0..<Self.length {
      let next = state[(index + 1) % Self.length]
      let mixed = (state[index] & 0x8000_0000) | (next & 0x7FFF_FFFF)
      let twist: UInt32 = mixed & 1 == 1 ? 0x9908_B0DF : 0
      state[index] = state[(index + Self.middle) % Self.length] ^ (mixed >> 1) ^ twist
    }
    position = 0
  }

  /// A number from 0 to `bound`, both included, by masked rejection: draws are cut to the bits of `bound` and thrown
  /// away while they are above it.
  public mutating func interval(_ bound: UInt32) -> UInt32 {
    if bound == 0 { return 0 }
    let mask = UInt32.max >> UInt32(bound.leadingZeroBitCount)
    while true {
      let word = next() & mask
      if word <= bound { return word }
    }
  }

  /// Shuffles `items` in place, from the last to the second.
  public mutating func shuffle<Item>(_ items: inout [Item]) {
    for index in stride(from: items.count - 1, to: 0, by: -1) {
      items.swapAt(index, Int(interval(UInt32(index))))
    }
  }

  /// `items` in random order.
  public mutating func permutation<Item>(of items: [Item]) -> [Item] {
    var shuffled = items
    shuffle(&shuffled)
    return shuffled
  }

  /// The numbers from 0 up to but not including `count`, in random order.
  public mutating func permutation(_ count: Int) -> [Int] {
    permutation(of: Array(0..<count))
  }
}
