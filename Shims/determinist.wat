;; The determinist as a component, around the core module that the C sources give (scripts/shims puts it in, and
;; interfaces.py what it imports and the interfaces that it passes on).
;;
;; A pollable is ours: a timer, or one of the engine's. So every interface that answers a pollable is exported anew,
;; with the engine's own resources and functions but for those. WIT cannot say this. Each export of an interface with
;; types is made by a small component that names them.
(component
@IMPORTS@
  (core module $handles
    (import "engine" "adopt" (func $adopt (param i32) (result i32)))
    (import "engine" "at" (func $at (param i64) (result i32)))
    (import "engine" "after" (func $after (param i64) (result i32)))
    (import "own" "new" (func $new (param i32) (result i32)))
    (import "input-stream" "subscribe" (func $subscribe-input (param i32) (result i32)))
    (import "input-stream" "drop" (func $drop-input (param i32)))
    (import "output-stream" "subscribe" (func $subscribe-output (param i32) (result i32)))
    (import "output-stream" "drop" (func $drop-output (param i32)))
    (import "tcp-socket" "subscribe" (func $subscribe-tcp (param i32) (result i32)))
    (import "tcp-socket" "drop" (func $drop-tcp (param i32)))
    (import "udp-socket" "subscribe" (func $subscribe-udp (param i32) (result i32)))
    (import "udp-socket" "drop" (func $drop-udp (param i32)))
    (import "incoming-datagram-stream" "subscribe" (func $subscribe-incoming (param i32) (result i32)))
    (import "incoming-datagram-stream" "drop" (func $drop-incoming (param i32)))
    (import "outgoing-datagram-stream" "subscribe" (func $subscribe-outgoing (param i32) (result i32)))
    (import "outgoing-datagram-stream" "drop" (func $drop-outgoing (param i32)))
    (import "resolve-address-stream" "subscribe" (func $subscribe-addresses (param i32) (result i32)))
    (import "resolve-address-stream" "drop" (func $drop-addresses (param i32)))
    ;; A borrowed handle is given back before the answer.
    (func (export "input") (param i32) (result i32)
      (call $new (call $adopt (call $subscribe-input (local.get 0)))) (call $drop-input (local.get 0)))
    (func (export "output") (param i32) (result i32)
      (call $new (call $adopt (call $subscribe-output (local.get 0)))) (call $drop-output (local.get 0)))
    (func (export "tcp") (param i32) (result i32)
      (call $new (call $adopt (call $subscribe-tcp (local.get 0)))) (call $drop-tcp (local.get 0)))
    (func (export "udp") (param i32) (result i32)
      (call $new (call $adopt (call $subscribe-udp (local.get 0)))) (call $drop-udp (local.get 0)))
    (func (export "incoming") (param i32) (result i32)
      (call $new (call $adopt (call $subscribe-incoming (local.get 0)))) (call $drop-incoming (local.get 0)))
    (func (export "outgoing") (param i32) (result i32)
      (call $new (call $adopt (call $subscribe-outgoing (local.get 0)))) (call $drop-outgoing (local.get 0)))
    (func (export "addresses") (param i32) (result i32)
      (call $new (call $adopt (call $subscribe-addresses (local.get 0)))) (call $drop-addresses (local.get 0)))
    (func (export "at") (param i64) (result i32) (call $new (call $at (local.get 0))))
    (func (export "after") (param i64) (result i32) (call $new (call $after (local.get 0)))))

  (core func $block (canon lower (func $wasi:io/poll@0.2.12 "[method]pollable.block")))
  (core func $drop (canon resource.drop $pollable))

  @CORE_MODULE@

  (core instance $core (instantiate $module
    (with "wasi:io/poll@0.2.12" (instance
      (export "[method]pollable.block" (func $block))
      (export "[resource-drop]pollable" (func $drop))))))
  (alias core export $core "memory" (core memory $memory))
  (alias core export $core "cabi_realloc" (core func $realloc))

  ;; A pollable is known by its place in the core module's table, and given back there.
  (type $waiting (resource (rep i32) (dtor (core func $core "drop"))))
  (core func $new (canon resource.new $waiting))
  (core func $native-input (canon lower (func $wasi:io/streams@0.2.12 "[method]input-stream.subscribe")))
  (alias export $wasi:io/streams@0.2.12 "input-stream" (type $input-type))
  (core func $drop-input (canon resource.drop $input-type))
  (core func $native-output (canon lower (func $wasi:io/streams@0.2.12 "[method]output-stream.subscribe")))
  (alias export $wasi:io/streams@0.2.12 "output-stream" (type $output-type))
  (core func $drop-output (canon resource.drop $output-type))
  (core func $native-tcp (canon lower (func $wasi:sockets/tcp@0.2.12 "[method]tcp-socket.subscribe")))
  (alias export $wasi:sockets/tcp@0.2.12 "tcp-socket" (type $tcp-type))
  (core func $drop-tcp (canon resource.drop $tcp-type))
  (core func $native-udp (canon lower (func $wasi:sockets/udp@0.2.12 "[method]udp-socket.subscribe")))
  (alias export $wasi:sockets/udp@0.2.12 "udp-socket" (type $udp-type))
  (core func $drop-udp (canon resource.drop $udp-type))
  (core func $native-incoming
    (canon lower (func $wasi:sockets/udp@0.2.12 "[method]incoming-datagram-stream.subscribe")))
  (alias export $wasi:sockets/udp@0.2.12 "incoming-datagram-stream" (type $incoming-type))
  (core func $drop-incoming (canon resource.drop $incoming-type))
  (core func $native-outgoing
    (canon lower (func $wasi:sockets/udp@0.2.12 "[method]outgoing-datagram-stream.subscribe")))
  (alias export $wasi:sockets/udp@0.2.12 "outgoing-datagram-stream" (type $outgoing-type))
  (core func $drop-outgoing (canon resource.drop $outgoing-type))
  (core func $native-addresses
    (canon lower (func $wasi:sockets/ip-name-lookup@0.2.12 "[method]resolve-address-stream.subscribe")))
  (alias export $wasi:sockets/ip-name-lookup@0.2.12 "resolve-address-stream" (type $addresses-type))
  (core func $drop-addresses (canon resource.drop $addresses-type))
  (core instance $glue (instantiate $handles
    (with "engine" (instance $core))
    (with "own" (instance (export "new" (func $new))))
    (with "input-stream" (instance (export "subscribe" (func $native-input)) (export "drop" (func $drop-input))))
    (with "output-stream" (instance (export "subscribe" (func $native-output)) (export "drop" (func $drop-output))))
    (with "tcp-socket" (instance (export "subscribe" (func $native-tcp)) (export "drop" (func $drop-tcp))))
    (with "udp-socket" (instance (export "subscribe" (func $native-udp)) (export "drop" (func $drop-udp))))
    (with "incoming-datagram-stream" (instance
      (export "subscribe" (func $native-incoming)) (export "drop" (func $drop-incoming))))
    (with "outgoing-datagram-stream" (instance
      (export "subscribe" (func $native-outgoing)) (export "drop" (func $drop-outgoing))))
    (with "resolve-address-stream" (instance
      (export "subscribe" (func $native-addresses)) (export "drop" (func $drop-addresses))))))
  (func $subscribe-input (param "self" (borrow $input-type)) (result (own $waiting))
    (canon lift (core func $glue "input")))
  (func $subscribe-output (param "self" (borrow $output-type)) (result (own $waiting))
    (canon lift (core func $glue "output")))
  (func $subscribe-tcp (param "self" (borrow $tcp-type)) (result (own $waiting))
    (canon lift (core func $glue "tcp")))
  (func $subscribe-udp (param "self" (borrow $udp-type)) (result (own $waiting))
    (canon lift (core func $glue "udp")))
  (func $subscribe-incoming (param "self" (borrow $incoming-type)) (result (own $waiting))
    (canon lift (core func $glue "incoming")))
  (func $subscribe-outgoing (param "self" (borrow $outgoing-type)) (result (own $waiting))
    (canon lift (core func $glue "outgoing")))
  (func $subscribe-addresses (param "self" (borrow $addresses-type)) (result (own $waiting))
    (canon lift (core func $glue "addresses")))

  ;; wasi:io/poll
  (func $poll-block (param "self" (borrow $waiting))
    (canon lift (core func $core "wasi:io/poll@0.2.12#[method]pollable.block")))
  (func $poll-ready (param "self" (borrow $waiting)) (result bool)
    (canon lift (core func $core "wasi:io/poll@0.2.12#[method]pollable.ready")))
  (func $poll-all (param "in" (list (borrow $waiting))) (result (list u32))
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
    (with "pollable" (type $waiting)) (with "block" (func $poll-block)) (with "ready" (func $poll-ready))
    (with "poll" (func $poll-all))))
  (export "wasi:io/poll@0.2.12" (instance $poll-out))

@INTERFACES@
  ;; wasi:clocks/monotonic-clock
  (func $monotonic-now (result u64)
    (canon lift (core func $core "wasi:clocks/monotonic-clock@0.2.12#now")))
  (func $monotonic-resolution (result u64)
    (canon lift (core func $core "wasi:clocks/monotonic-clock@0.2.12#resolution")))
  (func $monotonic-instant (param "when" u64) (result (own $waiting)) (canon lift (core func $glue "at")))
  (func $monotonic-duration (param "when" u64) (result (own $waiting)) (canon lift (core func $glue "after")))
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
    (with "pollable" (type $waiting)) (with "now" (func $monotonic-now))
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
