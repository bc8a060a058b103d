import Diagnostics

/// What `doctor` looks for.
public enum InspectionCheck: String, Sendable, CaseIterable {
  case unreadable
  case truncated
  case silent
  case tooShort = "too_short"
  case nameUnmatched = "name_unmatched"
  case classUnknown = "class_unknown"
  case duplicateLabel = "duplicate_label"
  case duplicate
  case clipped
  case quiet
  case oddFormat = "odd_format"
  case short
  case long
  case offset

  /// For people.
  public var title: String {
    switch self {
    case .unreadable: "cannot be read"
    case .truncated: "cut short: less sound than the header says"
    case .silent: "silent"
    case .tooShort: "too short for the features"
    case .nameUnmatched: "not named like a clip"
    case .classUnknown: "of a class that the corpus does not list"
    case .duplicateLabel: "same samples under different labels"
    case .duplicate: "same samples"
    case .clipped: "clipped"
    case .quiet: "nearly silent"
    case .oddFormat: "odd rate, bits or channels"
    case .short: "very short"
    case .long: "very long"
    case .offset: "mean far from zero"
    }
  }
}

/// One thing that is odd about one clip or file.
public struct InspectionFinding: Sendable {
  public let check: InspectionCheck
  /// An error would stop a run.
  public let severity: Severity
  /// The clip's name: the path below the corpus's folder.
  public let file: String
  /// One line without the name.
  public let summary: String
  /// The id of the message that a run would stop with, where it would.
  public let id: String?
  /// Other clips that it is about, such as those of the same samples.
  public let others: [String]

  init(
    _ check: InspectionCheck, _ file: String, _ summary: String, severity: Severity = .warning, id: String? = nil,
    others: [String] = []
  ) {
    self.check = check
    self.severity = severity
    self.file = file
    self.summary = summary
    self.id = id
    self.others = others
  }
}
