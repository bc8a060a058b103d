import Diagnostics

/// One clip of a corpus, known by its name; its audio is not read yet.
public struct ClipReference: Sendable {
  /// Where the audio is.
  public enum Audio: Sendable, Equatable {
    /// In a file.
    case file(path: String)
    /// Made on the spot by a `SpeechSynthesizer`.
    case synthesized
    /// Nowhere: the clip stands in a list of names only.
    case absent
  }

  public let audio: Audio
  /// The path below the corpus's folder, ending included, with `/` between folders: the clip's name in every record.
  public let relativePath: String
  /// Index into the corpus's classes.
  public let classIndex: Int
  /// The class code as it stands in the name.
  public let label: String
  /// Who speaks; nil where the corpus does not tell.
  public let speaker: String?
  /// The pattern's fields in the pattern's order.
  public let fields: [(name: String, value: String)]

  public init(
    audio: Audio, relativePath: String, classIndex: Int, label: String, speaker: String?,
    fields: [(name: String, value: String)]
  ) {
    self.audio = audio
    self.relativePath = relativePath
    self.classIndex = classIndex
    self.label = label
    self.speaker = speaker
    self.fields = fields
  }

  /// The file to read; for a clip without one, its name.
  public var path: String {
    if case .file(let path) = audio { return path }
    return relativePath
  }

  /// The text of the pattern's field `name`; nil where the pattern has no such field.
  public func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
}

/// The clips of a corpus, and what was odd about its names.
public struct CorpusScan: Sendable {
  /// Sorted by the bytes of the file name, then of the path.
  public let clips: [ClipReference]
  /// Names that were left out, and doubles.
  public let warnings: [Diagnostic]
  /// Every audio file that is no clip of the corpus, sorted as clips are.
  public let leftOut: [LeftOutFile]
}
