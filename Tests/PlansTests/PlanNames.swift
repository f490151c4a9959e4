import Commitments

func name(_ text: String) -> Name {
    guard let name = Name(text) else { preconditionFailure("\(text) is a name") }
    return name
}
