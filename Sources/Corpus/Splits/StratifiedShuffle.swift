/// One draw of scikit-learn's `StratifiedShuffleSplit`: the same indices in the same order.
///
/// - Parameters:
///   - labels: the class of each clip. Classes sort by code point, as Python sorts strings.
///   - testCount: how many go to the test side; the rest is the training side.
///   - seed: scikit-learn's `random_state`.
/// - Returns: indices into `labels`, shuffled.
///
/// The caller sees to it that every class has two clips or more and that both sides have at least one clip a class
/// (`StratifiedPolicy` does); this function then cannot fail.
package func stratifiedShuffle(
  labels: [String], testCount: Int, seed: UInt32
) -> (train: [Int], test: [Int]) {
  var random = LegacyRandomState(seed: seed)
  let members = indicesByClass(labels)
  let counts = members.map(\.indices.count)
  let trainCounts = approximateMode(counts: counts, draws: labels.count - testCount, random: &random)
  let left = zip(counts, trainCounts).map { $0 - $1 }
  let testCounts = approximateMode(counts: left, draws: testCount, random: &random)

  var train: [Int] = []
  var test: [Int] = []
  for (group, (trainShare, testShare)) in zip(members, zip(trainCounts, testCounts)) {
    let order = random.permutation(group.indices.count).map { group.indices[$0] }
    train += order.prefix(trainShare)
    test += order.dropFirst(trainShare).prefix(testShare)
  }
  random.shuffle(&train)
  random.shuffle(&test)
  return (train, test)
}

/// The indices of each class in ascending order, the classes sorted by code point.
package func indicesByClass(_ labels: [String]) -> [(label: String, indices: [Int])] {
  // Keyed by bytes: Swift's String takes canonically equivalent texts for equal, Python's does not, and UTF-8
  // sorts by code point.
  var members: [[UInt8]: [Int]] = [:]
  for (index, label) in labels.enumerated() { members[Array(label.utf8), default: []].append(index) }
  return members.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    .map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
}

/// scikit-learn's `_approximate_mode`: how many of `draws` fall to each class, proportionally to `counts`.
///
/// Every class gets the whole part of its share; what is missing goes to the classes with the largest remainders, and
/// among exactly equal remainders to those that come first in a random permutation. The order of the floating-point
/// operations and of the draws is scikit-learn's, as both decide ties.
package func approximateMode(counts: [Int], draws: Int, random: inout LegacyRandomState) -> [Int] {
  let total = Double(counts.reduce(0, +))
  let shares = counts.map { Double($0) / total * Double(draws) }
  var drawn = shares.map { Int($0.rounded(.down)) }
  var missing = draws - drawn.reduce(0, +)
  let remainders = zip(shares, drawn).map { $0 - Double($1) }
  for value in Set(remainders).sorted(by: >) where missing > 0 {
    let candidates = remainders.indices.filter { remainders[$0] == value }
    let chosen = random.permutation(of: candidates).prefix(missing)
    for index in chosen { drawn[index] += 1 }
    missing -= chosen.count
  }
  return drawn
}
