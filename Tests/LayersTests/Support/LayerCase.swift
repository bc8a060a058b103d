import Foundation
import Testing

/// One row of Fixtures/layers.json or Fixtures/shapes.json: a layer as text and what PyTorch gives for it.
struct LayerCase: Decodable, CustomTestStringConvertible {
  let layer: String
  let input: Numbers
  let parameters: [String: Numbers]
  let output: Numbers
  let outputGradient: Numbers
  let inputGradient: Numbers
  let parameterGradients: [String: Numbers]

  private enum CodingKeys: String, CodingKey {
    case layer, input, parameters, output
    case outputGradient = "output_gradient"
    case inputGradient = "input_gradient"
    case parameterGradients = "parameter_gradients"
  }

  /// `lstm` of `lstm: {hidden_size: 8}`.
  var kind: String { String(layer.prefix { $0 != ":" }) }
  var testDescription: String { "\(layer) of \(input.shape)" }

  static let all = ["layers.json", "shapes.json"].flatMap(read)

  private static func read(_ name: String) -> [LayerCase] {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name)")
    do {
      return try JSONDecoder().decode([LayerCase].self, from: Data(contentsOf: path))
    } catch {
      fatalError("\(name): \(error)")
    }
  }
}

/// A tensor in PyTorch's order, as whole numbers over a scale or as the bytes of float32 values.
struct Numbers: Decodable {
  let shape: [Int]
  let values: [Float]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    shape = try container.decode([Int].self, forKey: .shape)
    if let scale = try container.decodeIfPresent(Float.self, forKey: .scale) {
      values = try container.decode([Int].self, forKey: .values).map { Float($0) / scale }
    } else {
      let data = try container.decode(Data.self, forKey: .data)
      values = data.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: 4).map {
          Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self)))
        }
      }
    }
  }

  private enum CodingKeys: CodingKey { case shape, scale, values, data }
}
