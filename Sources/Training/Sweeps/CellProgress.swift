import Diagnostics

/// How far a cell of a sweep is, as its run directory tells it.
public struct CellProgress: Sendable, Equatable {
  public enum State: String, Sendable, CaseIterable {
    /// Nothing was done yet.
    case pending
    /// A process works on it.
    case running
    case finished
    /// Stopped or killed; it goes on where its last checkpoint is.
    case interrupted
    case failed
  }

  public var state: State
  /// Finished epochs.
  public var epoch = 0
  /// Epochs of the whole training; nil before it begins.
  public var epochs: Int?
  /// Why it failed.
  public var message: String?
  /// Of the test set, once it is finished.
  public var accuracy: Double?
  public var uar: Double?
  /// What training took, once it is finished.
  public var trainSeconds: Double?
  /// Clips that were trained on, once it is finished.
  public var trainClips: Int?

  public init(state: State, epoch: Int = 0, epochs: Int? = nil, message: String? = nil) {
    (self.state, self.epoch, self.epochs, self.message) = (state, epoch, epochs, message)
  }

  /// Looks into the run directory `path` of the experiment `hash`. What is damaged counts as not finished: its process finds out.
  public init(of path: String, hash: String) {
    let isHeld = FolderLock.isHeld(path)
    guard let status = try? StatusRecord.read("\(path)/status.json") else {
      self.init(state: isHeld ? .running : .pending)
      return
    }
    let summary =
      status.state == .finished
      ? (try? ReadableFile.contents("\(path)/summary.json")).flatMap { try? JSON.parse($0) } : nil
    let state: State =
      switch status.state {
      case .running: isHeld ? .running : .interrupted
      case .interrupted: isHeld ? .running : .interrupted
      case .failed: isHeld ? .running : .failed
      case .finished: summary?["hash"]?.asString == hash ? .finished : .interrupted
      }
    self.init(
      state: state, epoch: status.epoch, epochs: status.epochs, message: state == .failed ? status.message : nil)
    guard state == .finished else { return }
    accuracy = summary?["test"]?["accuracy"]?.asNumber
    uar = summary?["test"]?["uar"]?.asNumber
    trainSeconds = summary?["time"]?["train_s"]?.asNumber
    trainClips = summary?["split"]?["train"]?.asInteger
  }
}
