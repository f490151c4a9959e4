/// The OpenAPI document of the API, as it is served. A test holds it against the routes and problems.
package enum ServiceDescription {
    /// JSON, OpenAPI 3.1.
    package static let bytes = PackageResources.openapi_json
}
