import Testing
import Training

@Suite struct ConfusionMatrixTests {
  private let matrix = ConfusionMatrix(
    classes: 3, truth: [0, 0, 0, 0, 1, 1, 2, 2, 2], predictions: [0, 1, 1, 2, 0, 0, 2, 2, 1])

  @Test func rowsAreTruth() {
    #expect(matrix.rows == [[1, 2, 1], [2, 0, 0], [0, 1, 2]])
    #expect(matrix[truth: 0, prediction: 1] == 2)
    #expect(matrix.total == 9)
    #expect(matrix.correct == 3)
    #expect((0..<3).map(matrix.support) == [4, 2, 3])
    #expect((0..<3).map(matrix.predicted) == [3, 3, 3])
  }

  @Test func sharesAreOfTheRow() {
    #expect(matrix.rowShares == [[0.25, 0.5, 0.25], [1, 0, 0], [0, 1.0 / 3, 2.0 / 3]])
    #expect(ConfusionMatrix(classes: 1).rowShares == [[0]])
  }

  @Test func confusionsGoByCountThenShareThenClass() {
    let pairs = matrix.mostConfused(3)
    #expect(pairs.map { [$0.truth, $0.prediction, $0.count] } == [[1, 0, 2], [0, 1, 2], [2, 1, 1]])
    #expect(pairs.map(\.share) == [1, 0.5, 1.0 / 3])
    #expect(matrix.mostConfused(100).count == 4)
  }
}
