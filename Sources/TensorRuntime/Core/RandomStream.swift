/// The random numbers of a `RandomKey`, by position.
public struct RandomStream: Sendable {
  public let key: RandomKey

  public init(_ key: RandomKey) { self.key = key }
}
