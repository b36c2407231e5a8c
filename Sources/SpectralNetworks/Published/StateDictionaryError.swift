import Faults
import Foundation
import HarmonicTransforms
import Kernels
import Resampling
import SphereGrids

/// Why a state dictionary is not that of a published network.
public enum StateDictionaryError: UserError, Equatable {
  case missing(tensor: String)
  case unexpected(tensor: String)
  case shape(tensor: String, found: [Int], expected: [Int])
  case pixelTable(found: Int, expected: Int, firstDifference: Int?)
  /// The network's sampling has no table.
  case pixelTableWithoutUse(sampling: PublishedSampling)
  /// No HEALPix resolution has this table; the nearest one differs first at a point.
  case pixelTableOfNoNside(
    points: Int, largest: Int, nearest: Int?, firstDifference: Int?, expected: Int?)
  /// An element that is not finite, or a running variance below 0.
  case unusable(tensor: String, element: Int, found: Double, expected: String)
  case notPublished(reason: String)

  public var description: String {
    switch self {
    case .missing(let tensor):
      return "the state dictionary has no tensor '\(tensor)', which a published network must have"
    case .unexpected(let tensor):
      return "the state dictionary has a tensor '\(tensor)' that no published network has"
    case .shape(let tensor, let found, let expected):
      return "tensor '\(tensor)' has shape \(found), expected \(expected)"
    case .pixelTable(let found, let expected, let difference):
      let place = difference.map { ", first different at point \($0)" } ?? ""
      return "'to_equi.pixel_indices' (\(found) points) is not the table of containing pixels "
        + "(\(expected) points)\(place): the network was trained on another sampling"
    case .pixelTableWithoutUse(let sampling):
      return "'to_equi.pixel_indices' is there, expected no pixel table: the network's sampling is "
        + "\(sampling.rawValue), and the tensors are those of another one"
    case .pixelTableOfNoNside(let points, let largest, let nearest, let difference, let expected):
      var reason = ""
      if let nearest {
        reason = "; nside \(nearest) is nearest"
        if let difference, let expected {
          reason +=
            ", first different at point \(difference), which lies in pixel \(expected) there"
        }
      }
      return "'to_equi.pixel_indices' (\(points) points, largest pixel \(largest)) is the table of "
        + "containing pixels of no HEALPix map\(reason): the network was trained on another "
        + "sampling"
    case .unusable(let tensor, let element, let found, let expected):
      return "element \(element) of tensor '\(tensor)' is \(found), expected \(expected)"
    case .notPublished(let reason):
      return "this is no published network: \(reason)"
    }
  }
}

extension StateDictionaryError {
  public var faultClass: FaultClass { .badInput }
}
