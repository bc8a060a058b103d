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
  /// The path below the corpus's folder, ending included, with `/` between folders: the clip's name in every record. Where
  /// several corpora are joined, the corpus's name stands before it as a folder.
  public let relativePath: String
  /// Index into the corpus's classes.
  public let classIndex: Int
  /// The code of the clip's class; of joined corpora, its name.
  public let label: String
  /// Who speaks; nil where the corpus does not tell.
  public let speaker: String?
  /// The pattern's fields in the pattern's order, then the columns of the table.
  public let fields: [(name: String, value: String)]
  /// The name of the corpus that the clip belongs to; of joined corpora, that of the one it comes from.
  public let corpus: String
  /// Which text is spoken; nil where the corpus does not tell.
  public let sentence: String?
  /// The speaker's gender as the corpus file calls it; nil where it does not tell.
  public let gender: String?
  /// How strongly the emotion is expressed; nil where the corpus does not tell.
  public let intensity: String?
  /// How long the clip is; nil where only its audio can tell.
  public let seconds: Double?

  public init(
    audio: Audio, relativePath: String, classIndex: Int, label: String, speaker: String?,
    fields: [(name: String, value: String)], corpus: String = "", sentence: String? = nil, gender: String? = nil,
    intensity: String? = nil, seconds: Double? = nil
  ) {
    self.audio = audio
    self.relativePath = relativePath
    self.classIndex = classIndex
    self.label = label
    self.speaker = speaker
    self.fields = fields
    self.corpus = corpus
    self.sentence = sentence
    self.gender = gender
    self.intensity = intensity
    self.seconds = seconds
  }

  /// The file to read; for a clip without one, its name.
  public var path: String {
    if case .file(let path) = audio { return path }
    return relativePath
  }

  /// The text of the pattern's field or the table's column `name`; nil where there is none.
  public func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }

  /// What the corpus tells of the clip under `name`: `speaker`, `sentence`, `gender`, `intensity`, `corpus`, `label`, else a
  /// field; nil where it does not tell it.
  public func attribute(_ name: String) -> String? { role(name) ?? field(name) }

  /// The names for which `attribute` has an answer.
  public var attributeNames: [String] {
    let roles = Self.roles.filter { role($0) != nil }
    return roles + fields.map(\.name).filter { !roles.contains($0) }
  }

  /// What can be told of clips whatever their fields are called.
  static let roles = ["speaker", "sentence", "gender", "intensity", "corpus", "label"]

  private func role(_ name: String) -> String? {
    switch name {
    case "speaker": speaker
    case "sentence": sentence
    case "gender": gender
    case "intensity": intensity
    case "corpus": corpus
    case "label": label
    default: nil
    }
  }
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
