/// The algorithm that an operation runs a part of its work by, and what it was chosen from.
public struct AlgorithmChoice: Hashable, Sendable {
  /// What an operation computes.
  public enum Part: String, Hashable, Sendable {
    case forward
    case inputGradient = "input gradient"
    case weightGradient = "weight gradient"
  }

  /// What the cost model expects of one algorithm.
  public struct Estimate: Hashable, Sendable {
    public let algorithm: String
    public let milliseconds: Double

    public init(algorithm: String, milliseconds: Double) {
      self.algorithm = algorithm
      self.milliseconds = milliseconds
    }
  }

  public let part: Part
  /// `winograd F(4x4, 3x3)`
  public let algorithm: String
  /// All algorithms that can compute the part, cheapest first; empty where there was nothing to choose from.
  public let estimates: [Estimate]
  /// Why this one, in a few words.
  public let reason: String

  public init(_ part: Part, algorithm: String, estimates: [Estimate] = [], reason: String) {
    self.part = part
    self.algorithm = algorithm
    self.estimates = estimates
    self.reason = reason
  }
}
