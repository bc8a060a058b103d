import Reporting
import Testing
import Training

@Suite struct ConfusionPictureTests {
  @Test(arguments: [2, 6, 12, 24, 150]) func pictureIsAPNGOfItsSize(classes: Int) {
    let matrix = ConfusionMatrix(classes: classes, truth: [0, 0, 1, 1], predictions: [0, 1, 1, 1])
    let image = ConfusionPicture.draw(matrix, classNames: (0..<classes).map { "class Ä \($0), a long name" })
    #expect(image.png.starts(with: [0x89] + Array("PNG\r\n".utf8)))
    func number(_ place: Int) -> Int { image.png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    #expect((number(16), number(20)) == (image.width, image.height))
    // Cells, and letters beside them.
    #expect(image.width > classes * 16 && image.height > classes * 16)
    // Mostly plain areas.
    #expect(image.png.count < image.width * image.height / 10)
  }
}
