import Diagnostics
import Spec

/// A finished run as its directory tells it.
public struct RunRecord: Sendable {
  /// What a model said of the test set: the content of `predictions.csv`.
  public struct Predictions: Sendable {
    public let files: [String]
    /// Empty where names do not tell speakers.
    public let speakers: [String]
    /// Class indices.
    public let truth: [Int]
    public let predictions: [Int]
    /// [clips, classes], row-major.
    public let probabilities: [Float]
  }

  /// The content of `metrics.csv`: a list a column, with one value an epoch.
  public struct History: Sendable {
    public let names: [String]
    private let columns: [[Double]]

    package init(names: [String], columns: [[Double]]) {
      self.names = names
      self.columns = columns
    }

    /// How many epochs there are.
    public var epochs: Int { columns.first?.count ?? 0 }

    /// The values of a column, such as `val.loss`; nil where there is none.
    public subscript(_ name: String) -> [Double]? { names.firstIndex(of: name).map { columns[$0] } }
  }

  /// The directory as it was given.
  public let path: String
  public let spec: ExperimentSpec
  /// The content of `summary.json`.
  public let summary: JSON
  /// Index order.
  public let classNames: [String]
  public let test: ClassificationMetrics
  public let predictions: Predictions
  public let history: History
  /// The content of `env.json`, if it can be read.
  public let environment: JSON?
  /// Of the cell of a sweep over `extends`: the name of the spec that it extends, `cnn1d` for `cnn1d.yaml`.
  public let extended: String?

  /// The directory's own name.
  public var folderName: String { path.split(separator: "/").last.map(String.init) ?? path }
  /// What people call the model: by its own spec, where the run's is a sweep over several.
  public var modelName: String { extended ?? spec.name }
  public var seed: Int { spec.seed }
  /// Whether the speech was made, not recorded.
  public var isSynthesized: Bool { summary["corpus"]?["synthesized"] == true }
  /// The epoch whose weights were tested.
  public var bestEpoch: Int? { summary["best"]?["epoch"]?.asInteger }
  /// What decided which epoch that is, such as `val.loss`.
  public var keptBy: String? { summary["best"]?["metric"]?.asString }
  public var parameters: Int? { summary["model"]?["parameters"]?.asInteger }
  public var multiplyAdds: Int? { summary["model"]?["macs"]?.asInteger }
  /// How many speakers are tested, and how many of them also train; nil where names do not tell.
  public var testSpeakers: (all: Int, alsoTrain: Int)? {
    guard let all = summary["split"]?["test_speakers"]?.asInteger,
      let shared = summary["split"]?["test_speakers_also_in_train"]?.asInteger
    else { return nil }
    return (all, shared)
  }
}
