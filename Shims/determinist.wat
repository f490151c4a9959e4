;; The determinist as a component, around the core module that the C sources give (scripts/shims puts it in).
;;
;; WIT cannot say what this must: its `pollable` is the engine's own type, as streams and sockets give it, while
;; the functions on it are ours. Each export of an interface with types is made by a small component that names
;; them.
(component
  (import "wasi:io/poll@0.2.12" (instance $native-poll
    (export "pollable" (type $p (sub resource)))
    (export "[method]pollable.block" (func (param "self" (borrow $p))))))
  (alias export $native-poll "pollable" (type $pollable))
  (import "wasi:clocks/monotonic-clock@0.2.12" (instance $native-clock
    (alias outer 1 $pollable (type $p))
    (export "pollable" (type (eq $p)))
    (export "subscribe-duration" (func (param "when" u64) (result (own $p))))))

  (core func $block (canon lower (func $native-poll "[method]pollable.block")))
  (core func $drop (canon resource.drop $pollable))
  (core func $subscribe (canon lower (func $native-clock "subscribe-duration")))

  @CORE_MODULE@

  (core instance $core (instantiate $module
    (with "wasi:io/poll@0.2.12" (instance
      (export "[method]pollable.block" (func $block))
      (export "[resource-drop]pollable" (func $drop))))
    (with "wasi:clocks/monotonic-clock@0.2.12" (instance
      (export "subscribe-duration" (func $subscribe))))))
  (alias core export $core "memory" (core memory $memory))
  (alias core export $core "cabi_realloc" (core func $realloc))

  ;; wasi:io/poll
  (func $poll-block (param "self" (borrow $pollable))
    (canon lift (core func $core "wasi:io/poll@0.2.12#[method]pollable.block")))
  (func $poll-ready (param "self" (borrow $pollable)) (result bool)
    (canon lift (core func $core "wasi:io/poll@0.2.12#[method]pollable.ready")))
  (func $poll-all (param "in" (list (borrow $pollable))) (result (list u32))
    (canon lift (core func $core "wasi:io/poll@0.2.12#poll") (memory $memory) (realloc $realloc)
      (post-return (core func $core "cabi_post_wasi:io/poll@0.2.12#poll"))))
  (component $poll
    (import "pollable" (type $p (sub resource)))
    (import "block" (func $block (param "self" (borrow $p))))
    (import "ready" (func $ready (param "self" (borrow $p)) (result bool)))
    (import "poll" (func $all (param "in" (list (borrow $p))) (result (list u32))))
    (export $pollable "pollable" (type $p))
    (export "[method]pollable.block" (func $block) (func (param "self" (borrow $pollable))))
    (export "[method]pollable.ready" (func $ready) (func (param "self" (borrow $pollable)) (result bool)))
    (export "poll" (func $all) (func (param "in" (list (borrow $pollable))) (result (list u32)))))
  (instance $poll-out (instantiate $poll
    (with "pollable" (type $pollable)) (with "block" (func $poll-block)) (with "ready" (func $poll-ready))
    (with "poll" (func $poll-all))))
  (export "wasi:io/poll@0.2.12" (instance $poll-out))

  ;; wasi:clocks/monotonic-clock
  (func $monotonic-now (result u64)
    (canon lift (core func $core "wasi:clocks/monotonic-clock@0.2.12#now")))
  (func $monotonic-resolution (result u64)
    (canon lift (core func $core "wasi:clocks/monotonic-clock@0.2.12#resolution")))
  (func $monotonic-instant (param "when" u64) (result (own $pollable))
    (canon lift (core func $core "wasi:clocks/monotonic-clock@0.2.12#subscribe-instant")))
  (func $monotonic-duration (param "when" u64) (result (own $pollable))
    (canon lift (core func $core "wasi:clocks/monotonic-clock@0.2.12#subscribe-duration")))
  (component $monotonic
    (import "pollable" (type $p (sub resource)))
    (import "now" (func $now (result u64)))
    (import "resolution" (func $resolution (result u64)))
    (import "instant" (func $at (param "when" u64) (result (own $p))))
    (import "duration" (func $after (param "when" u64) (result (own $p))))
    (type $u64 u64)
    (export $pollable "pollable" (type $p))
    (export $instant "instant" (type $u64))
    (export $duration "duration" (type $u64))
    (export "now" (func $now) (func (result $instant)))
    (export "resolution" (func $resolution) (func (result $duration)))
    (export "subscribe-instant" (func $at) (func (param "when" $instant) (result (own $pollable))))
    (export "subscribe-duration" (func $after) (func (param "when" $duration) (result (own $pollable)))))
  (instance $monotonic-out (instantiate $monotonic
    (with "pollable" (type $pollable)) (with "now" (func $monotonic-now))
    (with "resolution" (func $monotonic-resolution)) (with "instant" (func $monotonic-instant))
    (with "duration" (func $monotonic-duration))))
  (export "wasi:clocks/monotonic-clock@0.2.12" (instance $monotonic-out))

  ;; wasi:clocks/wall-clock
  (type $date (record (field "seconds" u64) (field "nanoseconds" u32)))
  (func $wall-now (result $date)
    (canon lift (core func $core "wasi:clocks/wall-clock@0.2.12#now") (memory $memory)))
  (func $wall-resolution (result $date)
    (canon lift (core func $core "wasi:clocks/wall-clock@0.2.12#resolution") (memory $memory)))
  (component $wall
    (type $d (record (field "seconds" u64) (field "nanoseconds" u32)))
    (import "datetime" (type $date (eq $d)))
    (import "now" (func $now (result $date)))
    (import "resolution" (func $resolution (result $date)))
    (export $datetime "datetime" (type $d))
    (export "now" (func $now) (func (result $datetime)))
    (export "resolution" (func $resolution) (func (result $datetime))))
  (instance $wall-out (instantiate $wall
    (with "datetime" (type $date)) (with "now" (func $wall-now)) (with "resolution" (func $wall-resolution))))
  (export "wasi:clocks/wall-clock@0.2.12" (instance $wall-out))

  ;; wasi:random
  (func $bytes (param "len" u64) (result (list u8))
    (canon lift (core func $core "wasi:random/random@0.2.12#get-random-bytes") (memory $memory)
      (post-return (core func $core "cabi_post_wasi:random/random@0.2.12#get-random-bytes"))))
  (func $word (result u64) (canon lift (core func $core "wasi:random/random@0.2.12#get-random-u64")))
  (func $seed (result (tuple u64 u64))
    (canon lift (core func $core "wasi:random/insecure-seed@0.2.12#insecure-seed") (memory $memory)))
  (instance $random (export "get-random-bytes" (func $bytes)) (export "get-random-u64" (func $word)))
  (export "wasi:random/random@0.2.12" (instance $random))
  (instance $insecure
    (export "get-insecure-random-bytes" (func $bytes)) (export "get-insecure-random-u64" (func $word)))
  (export "wasi:random/insecure@0.2.12" (instance $insecure))
  (instance $insecure-seed (export "insecure-seed" (func $seed)))
  (export "wasi:random/insecure-seed@0.2.12" (instance $insecure-seed)))
