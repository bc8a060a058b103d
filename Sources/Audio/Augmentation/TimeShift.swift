/// Moving a sound in time.
public enum TimeShift {
  /// What takes the place of samples that were moved away.
  public enum Fill: String, Sendable, CaseIterable {
    case zeros
    /// What leaves at one end comes in at the other.
    case roll
  }

  /// `samples` later by `offset` samples, earlier where it is negative; their number stays.
  public static func shifted(_ samples: [Float], by offset: Int, fill: Fill) -> [Float] {
    let count = samples.count
    guard count > 0, offset != 0 else { return samples }
    switch fill {
    case .roll:
      let start = ((-offset) % count + count) % count
      return Array(samples[start...] + samples[..<start])
    case .zeros:
      let gone = min(abs(offset), count)
      let silence = [Float](repeating: 0, count: gone)
      return offset > 0 ? silence + samples[..<(count - gone)] : Array(samples[gone...]) + silence
    }
  }
}
