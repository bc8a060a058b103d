import Corpus
import Planning

/// What a finished run knows: the source of its records, figures and summary.
public struct RunResults: Sendable {
  /// Wall-clock seconds.
  public struct Times: Sendable {
    public var features: Double
    /// From the start of the process to the end of its first training step; nil where it made none.
    public var firstStep: Double?
    /// Of this process; a resumed run does not count what was done before.
    public var training: Double
    public var test: Double
  }

  public let clips: [ClipReference]
  public let split: Split
  /// Clips that `on_bad_clip: skip` left out, with the reason.
  public let leftOut: [(file: String, reason: String)]
  /// nil where names do not tell speakers.
  public let overlap: SpeakerOverlap?
  public let graph: LayerGraph
  public let state: TrainingState
  public let test: Evaluation
  /// The weight of each class in the loss; nil where all are 1.
  public let classWeights: [Double]?
  public let classNames: [String]
  public var time: Times
  /// What the feature cache had.
  public let cache: CacheReport
  /// Activations, gradients and scratch of the largest batch.
  public let arenaMegabytes: Double

  /// Whether the speech was made, not recorded: every record says so.
  public var isSynthesized: Bool { clips.contains { $0.audio == .synthesized } }
}
