import Diagnostics
import Foundation
import Spec

/// What writes a run for a viewer of its own, an epoch at a time.
///
/// What was written stays readable whenever the process dies; a run that goes on cuts off what lies behind its checkpoint, so that every epoch
/// is there once.
package protocol Tracker: AnyObject {
  /// Opens what is there and keeps its first `epochs` epochs, or starts anew.
  ///
  /// - Returns: how many epochs are there.
  /// - Throws: `DiagnosticFailure` with `run.write_failed` or `run.read_failed`, as the others.
  func begin(keeping epochs: Int) throws -> Int
  /// Whether it shows histograms behind that epoch.
  func wantsHistograms(ofEpoch epoch: Int) -> Bool
  /// Adds the epoch after the last one.
  func add(_ epoch: TrackedEpoch) throws
  /// Adds the end.
  func finish(_ end: TrackedEnd) throws
  /// Says that the run stops before its end.
  func stop(_ reason: TrackedStop) throws
}

extension Tracker {
  package func wantsHistograms(ofEpoch epoch: Int) -> Bool { false }
}

/// What a tracker is told of a run before it begins.
package struct TrackedRun: Sendable {
  /// The run's directory, as it was given.
  package let directory: String
  package let spec: ExperimentSpec
  /// Of the model.
  package let parameters: Int
  /// The program's version.
  package let version: String
  /// Whether the speech was made, not recorded.
  package let isSynthesized: Bool
  /// What the run was computed with: `env.json`.
  package let environment: JSON

  package init(
    directory: String, spec: ExperimentSpec, parameters: Int, version: String, isSynthesized: Bool, environment: JSON
  ) {
    self.directory = directory
    self.spec = spec
    self.parameters = parameters
    self.version = version
    self.isSynthesized = isSynthesized
    self.environment = environment
  }

  /// The directory's own name.
  var name: String { directory.split(separator: "/").last.map(String.init) ?? directory }
}

/// An epoch for trackers.
package struct TrackedEpoch: Sendable {
  package let record: EpochRecord
  /// Of weights and gradients; none unless they were asked for.
  package var histograms: [TensorHistogram] = []
  /// When it ended.
  package var time = Date()

  package init(_ record: EpochRecord, histograms: [TensorHistogram] = [], time: Date = Date()) {
    self.record = record
    self.histograms = histograms
    self.time = time
  }
}

/// The end of a run for trackers.
package struct TrackedEnd: Sendable {
  /// On the test set: names such as `loss` and `uar`.
  package let test: [EpochRecord.Figure]
  /// The epoch whose weights were tested.
  package let epoch: Int
  /// The confusion matrix of the test set.
  package let confusion: TrackedImage?
  package var time = Date()

  package init(test: [EpochRecord.Figure], epoch: Int, confusion: TrackedImage?, time: Date = Date()) {
    self.test = test
    self.epoch = epoch
    self.confusion = confusion
    self.time = time
  }
}

/// Why a run stops before its end.
package enum TrackedStop {
  /// On request, with a checkpoint.
  case interrupted
  case failed
}

/// A picture for trackers.
public struct TrackedImage: Sendable {
  public let width: Int
  public let height: Int
  /// The file.
  public let png: [UInt8]

  public init(width: Int, height: Int, png: [UInt8]) {
    self.width = width
    self.height = height
    self.png = png
  }
}
