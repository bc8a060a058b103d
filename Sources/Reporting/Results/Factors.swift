import Foundation

/// What varies between the experiments of a comparison: the columns of its tables.
struct Factors {
  struct Factor {
    /// `lr`
    let name: String
    /// `train.optimizer.lr`
    let path: String
    /// A value for each experiment, `—` where its spec has no such setting.
    let texts: [String]

    /// Values in the order of tables: numbers by size, texts by letters, since directories come in no order that means something.
    var values: [String] {
      var known: [String] = []
      for text in texts where !known.contains(text) { known.append(text) }
      let numbers = known.compactMap(Double.init)
      return numbers.count == known.count ? known.sorted { (Double($0) ?? 0) < (Double($1) ?? 0) } : known.sorted()
    }
  }

  /// A name for the model of each experiment.
  let models: [String]
  /// In the order of importance for readers: the activation, training, then all else.
  let factors: [Factor]

  init(_ all: [SpecSettings], names: [String]) {
    models = Self.models(all, names: names)
    let hasModels = Set(models).count > 1
    var paths: [String] = []
    var known: Set<String> = []
    for settings in all {
      for (path, _) in settings.values where known.insert(path).inserted { paths.append(path) }
    }
    var found: [Factor] = []
    for path in Self.ordered(paths) {
      let texts = all.map { $0[path] ?? "—" }
      guard Set(texts).count > 1 else { continue }
      // What follows from the model is no setting of its own, but for how it is trained.
      let isTraining = path == SpecSettings.activationPath || path.hasPrefix("train.")
      if hasModels, !isTraining || texts.contains("—"), Self.follows(texts, from: models) { continue }
      if found.contains(where: { Self.areOne($0.texts, texts) }) { continue }
      found.append(Factor(name: Self.name(path), path: path, texts: texts))
    }
    // Two settings of one name are told apart by what they stand in.
    factors = found.map { factor in
      let isAlone = found.filter { $0.name == factor.name }.count == 1
      return isAlone ? factor : Factor(name: Self.longName(factor.path), path: factor.path, texts: factor.texts)
    }
  }

  /// The activation, the optimizer, the rest of the training, then all else.
  private static func ordered(_ paths: [String]) -> [String] {
    func rank(_ path: String) -> Int {
      if path == SpecSettings.activationPath { return 0 }
      if path.hasPrefix("train.optimizer") { return 1 }
      return path.hasPrefix("train.") ? 2 : path.hasPrefix("model.") ? 4 : 3
    }
    return paths.enumerated().sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }.map(\.element)
  }

  /// Names of specs, where one name is one model; else the nodes that read features.
  private static func models(_ all: [SpecSettings], names: [String]) -> [String] {
    var structures: [String: Set<String>] = [:]
    for (settings, name) in zip(all, names) { structures[name, default: []].insert(settings.structure) }
    return zip(all, names).map { settings, name in
      structures[name]?.count == 1 ? name : settings.structureName
    }
  }

  private static func follows(_ texts: [String], from models: [String]) -> Bool {
    var known: [String: String] = [:]
    return zip(models, texts).allSatisfy { model, text in
      defer { known[model] = text }
      return known[model].map { $0 == text } ?? true
    }
  }

  /// Whether two settings are one: equal everywhere, or numbers of one ratio, as a rate and the end of its schedule.
  private static func areOne(_ a: [String], _ b: [String]) -> Bool {
    if a == b { return true }
    let (x, y) = (a.compactMap(Double.init), b.compactMap(Double.init))
    guard x.count == a.count, y.count == b.count, let first = zip(x, y).first(where: { $0.0 != 0 && $0.1 != 0 })
    else { return false }
    let ratio = first.1 / first.0
    return zip(x, y).allSatisfy { abs($0 * ratio - $1) <= 1e-9 * abs($1) }
  }

  private static func name(_ path: String) -> String {
    let last = path.split(separator: ".").last.map(String.init) ?? path
    return last.prefix { $0 != "[" }.description
  }

  private static func longName(_ path: String) -> String {
    path.split(separator: ".").suffix(path.contains("[") ? 3 : 2).joined(separator: ".")
  }
}
