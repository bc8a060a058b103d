import Diagnostics

/// A corpus as data: where labels and speakers stand in file names or tables, and which classes there are.
public struct CorpusSpec: Sendable {
  public let name: String
  public let title: String
  /// How to get the audio, shown where it is missing.
  public let obtain: String
  public let licence: String
  /// The folder of the audio as written, `${env.NAME}` not yet replaced; empty where only `--data` can tell.
  public let root: FieldValue
  /// The name pattern, such as `{speaker}_{sentence}_{emotion}_{intensity}`, without the ending; nil where a table tells all.
  public let pattern: Located<String>?
  /// The table whose columns are fields; nil where names tell all.
  public let table: CorpusTableSource?
  /// Endings of audio files, lower case, without the dot.
  public let extensions: [String]
  /// The field that holds the class code.
  public let labelField: Located<String>
  /// Codes beside those of `classes`, each with the code of the class that it means; nil for codes whose clips are left out.
  /// Of joined corpora, names of their classes.
  public let labels: [(code: Located<String>, target: String?)]
  /// Who speaks; nil where nothing tells.
  public let speaker: AttributeSource?
  /// Where the spoken text, the speaker's gender and the emotion's strength are told; nil where nothing tells.
  public let sentence: AttributeSource?
  public let gender: AttributeSource?
  public let intensity: AttributeSource?
  /// Class codes as they stand in names, with the class's name, in index order. Of joined corpora, the code is the name.
  public let classes: [(code: Located<String>, name: String)]
  /// Present where the audio is not recorded but synthesized: speakers, sentences and seed of the demo corpus.
  public let synthesizer: FieldValues?
  /// The corpora that are joined; empty for a single one.
  public let parts: [CorpusSpec]
  public let span: SourceSpan

  package init(
    name: String, title: String, obtain: String, licence: String, root: FieldValue, pattern: Located<String>?,
    table: CorpusTableSource? = nil, extensions: [String], labelField: Located<String>,
    labels: [(code: Located<String>, target: String?)] = [], speaker: AttributeSource?,
    sentence: AttributeSource? = nil, gender: AttributeSource? = nil, intensity: AttributeSource? = nil,
    classes: [(code: Located<String>, name: String)], synthesizer: FieldValues?, parts: [CorpusSpec] = [],
    span: SourceSpan
  ) {
    self.name = name
    self.title = title
    self.obtain = obtain
    self.licence = licence
    self.root = root
    self.pattern = pattern
    self.table = table
    self.extensions = extensions
    self.labelField = labelField
    self.labels = labels
    self.speaker = speaker
    self.sentence = sentence
    self.gender = gender
    self.intensity = intensity
    self.classes = classes
    self.synthesizer = synthesizer
    self.parts = parts
    self.span = span
  }
}

/// A table with a row for each clip.
public struct CorpusTableSource: Sendable {
  /// The file as written.
  public let file: Located<String>
  /// The column with the clip's path or file name.
  public let path: Located<String>
  /// What stands between columns.
  public let separator: Character

  package init(file: Located<String>, path: Located<String>, separator: Character) {
    self.file = file
    self.path = path
    self.separator = separator
  }
}

/// Where an attribute of clips is told: a field, perhaps with what its values mean, or the same for all clips.
public struct AttributeSource: Sendable {
  /// The field; nil where `constant` is the value of all clips.
  public let field: Located<String>?
  public let constant: String?
  private let map: [String: String]
  private let odd: String?
  private let even: String?
  private let other: String?

  package init(
    field: Located<String>?, constant: String? = nil, map: [String: String] = [:], odd: String? = nil,
    even: String? = nil, other: String? = nil
  ) {
    self.field = field
    self.constant = constant
    self.map = map
    self.odd = odd
    self.even = even
    self.other = other
  }

  /// What `value` of the field means; itself, where the corpus file does not say.
  public func meaning(of value: String) -> String? {
    if let meaning = map[value] { return meaning }
    if odd != nil || even != nil, let number = Int(value) {
      return number.isMultiple(of: 2) ? even : odd
    }
    return other ?? value
  }
}
