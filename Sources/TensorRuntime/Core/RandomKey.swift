/// Names one sequence of counter-based random numbers: the same key gives the same numbers, at any time, on any thread.
///
/// Keys form a tree: a run's seed, below it one stream each for weights, shuffling and dropout, below those
/// one child per parameter, epoch, or step and layer. Nothing is ever "the state of the generator", so a
/// resumed run needs only its seed and its position.
public struct RandomKey: Hashable, Sendable {
  public let bits: UInt64

  /// The key of a run.
  public init(seed: UInt64) {
    bits = RandomKey.mix(seed)
  }

  private init(bits: UInt64) { self.bits = bits }

  /// The key below this one for `index`.
  public func child(_ index: UInt64) -> RandomKey {
    RandomKey(bits: RandomKey.mix(bits ^ RandomKey.mix(index &+ 0x9E37_79B9_7F4A_7C15)))
  }

  /// The key below this one for `name` (FNV-1a of its UTF-8 bytes).
  public func child(_ name: String) -> RandomKey {
    child(name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  }

  /// The finalizer of SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
