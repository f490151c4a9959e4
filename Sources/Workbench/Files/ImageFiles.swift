package import Evidence
package import Image

/// Reads an image's folder: each file must be what image.json says.
package func readImage(_ folder: String) throws(CommandFailure) -> VerifiedImage {
    let manifest = try readFile(
        folder + "/" + ImageFolder.manifestName, maximumByteCount: ImageManifest.maximumByteCount,
        as: ImageManifest.init(decoding:))
    do throws(ImageError) {
        return try VerifiedImage(manifest, in: folder)
    } catch {
        throw CommandFailure(error, in: folder)
    }
}

/// The measurements of an image with firmware, each computed again and found as image.json says.
package func recomputedMeasurements(of image: VerifiedImage) throws(CommandFailure) -> [ImageManifest.Measurement] {
    guard image.manifest.firmware != nil else { return [] }
    let hashes = try kernelHashes(of: image.manifest)
    let path = image.path(ImageFolder.firmwareName)
    let content = try readFile(path, maximumByteCount: Firmware.maximumByteCount)
    for said in image.manifest.measurements {
        let found: [ImageManifest.Measurement]
        do {
            let processors = try VirtualProcessors(
                .qemu(said.vcpuType), count: said.vcpus, features: said.guestFeatures)
            found = try FirmwareChoice(content, for: [processors]).measurements(of: hashes)
        } catch let error as FirmwareError {
            throw CommandFailure(error, in: path)
        } catch let error as LaunchError {
            throw CommandFailure(error)
        } catch {
            throw CommandFailure(ImageError.noFirmware)
        }
        if let digest = found.first?.digest, digest != said.digest {
            let error = ImageError.measurementDiffers(said.vcpuType.name, expected: said.digest, found: digest)
            throw CommandFailure(error, in: image.folder)
        }
    }
    return image.manifest.measurements
}

package func kernelHashes(of manifest: ImageManifest) throws(CommandFailure) -> KernelHashes {
    do {
        return try manifest.kernelHashes()
    } catch {
        throw CommandFailure(error)
    }
}
