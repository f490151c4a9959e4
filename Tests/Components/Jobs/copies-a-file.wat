;; expect: completed
;;
;; Reads `data` in the first folder, writes it to `copy` in the second, and traps if it gets further than that:
;; by writing to the first folder, by a path above it, by an absolute path, or through a link. Loops forever where the
;; file begins with `L`.
(component
  (import "wasi:filesystem/types@0.2.12" (instance $types
    (export "descriptor" (type $descriptor (sub resource)))
    (type $code (enum
      "access" "would-block" "already" "bad-descriptor" "busy" "deadlock" "quota" "exist" "file-too-large"
      "illegal-byte-sequence" "in-progress" "interrupted" "invalid" "io" "is-directory" "loop" "too-many-links"
      "message-size" "name-too-long" "no-device" "no-entry" "no-lock" "insufficient-memory" "insufficient-space"
      "not-directory" "not-empty" "not-recoverable" "unsupported" "no-tty" "no-such-device" "overflow"
      "not-permitted" "pipe" "read-only" "invalid-seek" "text-file-busy" "cross-device"))
    (export "error-code" (type $error-code (eq $code)))
    (type $look (flags "symlink-follow"))
    (export "path-flags" (type $path-flags (eq $look)))
    (type $how (flags "create" "directory" "exclusive" "truncate"))
    (export "open-flags" (type $open-flags (eq $how)))
    (type $what (flags
      "read" "write" "file-integrity-sync" "data-integrity-sync" "requested-write-sync" "mutate-directory"))
    (export "descriptor-flags" (type $descriptor-flags (eq $what)))
    (export "[method]descriptor.open-at" (func
      (param "self" (borrow $descriptor)) (param "path-flags" $path-flags) (param "path" string)
      (param "open-flags" $open-flags) (param "flags" $descriptor-flags)
      (result (result (own $descriptor) (error $error-code)))))
    (export "[method]descriptor.read" (func
      (param "self" (borrow $descriptor)) (param "length" u64) (param "offset" u64)
      (result (result (tuple (list u8) bool) (error $error-code)))))
    (export "[method]descriptor.write" (func
      (param "self" (borrow $descriptor)) (param "buffer" (list u8)) (param "offset" u64)
      (result (result u64 (error $error-code)))))
    (export "[method]descriptor.symlink-at" (func
      (param "self" (borrow $descriptor)) (param "old-path" string) (param "new-path" string)
      (result (result (error $error-code)))))))
  (alias export $types "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.12" (instance $preopens
    (export "descriptor" (type $local (eq $descriptor)))
    (export "get-directories" (func (result (list (tuple (own $local) string)))))))

  (core module $memory
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
      global.get $next
      (global.set $next (i32.add (global.get $next) (local.get 3)))))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $mem))
  (alias core export $memory "realloc" (core func $realloc))
  (core func $directories (canon lower (func $preopens "get-directories") (memory $mem) (realloc $realloc)))
  (core func $open (canon lower (func $types "[method]descriptor.open-at") (memory $mem)))
  (core func $read (canon lower (func $types "[method]descriptor.read") (memory $mem) (realloc $realloc)))
  (core func $write (canon lower (func $types "[method]descriptor.write") (memory $mem)))
  (core func $link (canon lower (func $types "[method]descriptor.symlink-at") (memory $mem)))

  (core module $m
    (import "host" "memory" (memory 2))
    (import "host" "directories" (func $directories (param i32)))
    (import "host" "open" (func $open (param i32 i32 i32 i32 i32 i32 i32)))
    (import "host" "read" (func $read (param i32 i64 i64 i32)))
    (import "host" "write" (func $write (param i32 i32 i32 i64 i32)))
    (import "host" "link" (func $link (param i32 i32 i32 i32 i32 i32)))
    (data (i32.const 1024) "data")
    (data (i32.const 1032) "copy")
    (data (i32.const 1040) "../../job.json")
    (data (i32.const 1056) "/etc/passwd")
    (data (i32.const 1072) "way-out")

    ;; Traps unless the result at 16 is an error.
    (func $fails (if (i32.eqz (i32.load8_u (i32.const 16))) (then unreachable)))

    ;; Opens a path of `count` bytes; the result is at 16.
    (func $try (param $folder i32) (param $path i32) (param $count i32) (param $how i32) (param $what i32)
      (call $open
        (local.get $folder) (i32.const 0) (local.get $path) (local.get $count) (local.get $how) (local.get $what)
        (i32.const 16)))

    (func (export "run") (result i32)
      (local $in i32) (local $out i32)
      (call $directories (i32.const 0))
      (if (i32.ne (i32.load (i32.const 4)) (i32.const 2)) (then unreachable))
      (local.set $in (i32.load (i32.load (i32.const 0))))
      (local.set $out (i32.load offset=12 (i32.load (i32.const 0))))

      ;; Open `data` to read; read it; open `copy` to create and write; write.
      (call $try (local.get $in) (i32.const 1024) (i32.const 4) (i32.const 0) (i32.const 1))
      (if (i32.load8_u (i32.const 16)) (then (return (i32.const 1))))
      (call $read (i32.load (i32.const 20)) (i64.const 4096) (i64.const 0) (i32.const 32))
      (if (i32.load8_u (i32.const 32)) (then (return (i32.const 1))))
      (if (i32.load (i32.const 40)) (then
        (if (i32.eq (i32.load8_u (i32.load (i32.const 36))) (i32.const 0x4C)) (then (loop (br 0))))))
      (call $try (local.get $out) (i32.const 1032) (i32.const 4) (i32.const 1) (i32.const 2))
      (if (i32.load8_u (i32.const 16)) (then (return (i32.const 1))))
      (call $write
        (i32.load (i32.const 20)) (i32.load (i32.const 36)) (i32.load (i32.const 40)) (i64.const 0) (i32.const 64))
      (if (i32.load8_u (i32.const 64)) (then (return (i32.const 1))))

      ;; `data` to write; a new file beside it; a path above; an absolute path; a link to one.
      (call $try (local.get $in) (i32.const 1024) (i32.const 4) (i32.const 0) (i32.const 2))
      (call $fails)
      (call $try (local.get $in) (i32.const 1032) (i32.const 4) (i32.const 1) (i32.const 2))
      (call $fails)
      (call $try (local.get $in) (i32.const 1040) (i32.const 14) (i32.const 0) (i32.const 1))
      (call $fails)
      (call $try (local.get $in) (i32.const 1056) (i32.const 11) (i32.const 0) (i32.const 1))
      (call $fails)
      (call $link (local.get $out) (i32.const 1056) (i32.const 11) (i32.const 1072) (i32.const 7) (i32.const 16))
      (call $fails)
      (i32.const 0)))
  (core instance $i (instantiate $m (with "host" (instance
    (export "memory" (memory $mem))
    (export "directories" (func $directories))
    (export "open" (func $open))
    (export "read" (func $read))
    (export "write" (func $write))
    (export "link" (func $link))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
