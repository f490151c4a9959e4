;; expect: ok
;; words: -
;;
;; The interfaces are there, and nothing can be done with them: neither a socket of either kind is made, nor a name
;; looked up. The codes are `access-denied` (1) and `permanent-resolver-failure` (20); everything else traps.
(component
  (import "wasi:sockets/network@0.2.12" (instance $network
    (export "network" (type (sub resource)))
    (type $codes (enum
      "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory" "timeout" "concurrency-conflict"
      "not-in-progress" "would-block" "invalid-state" "new-socket-limit" "address-not-bindable" "address-in-use"
      "remote-unreachable" "connection-refused" "connection-reset" "connection-aborted" "datagram-too-large"
      "name-unresolvable" "temporary-resolver-failure" "permanent-resolver-failure"))
    (export "error-code" (type (eq $codes)))
    (type $families (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $families)))))
  (alias export $network "network" (type $net))
  (alias export $network "error-code" (type $code))
  (alias export $network "ip-address-family" (type $family))
  (import "wasi:sockets/instance-network@0.2.12" (instance $instance-network
    (export "network" (type $n (eq $net)))
    (export "instance-network" (func (result (own $n))))))
  (import "wasi:sockets/tcp@0.2.12" (instance $tcp (export "tcp-socket" (type (sub resource)))))
  (alias export $tcp "tcp-socket" (type $tcp-socket))
  (import "wasi:sockets/tcp-create-socket@0.2.12" (instance $create-tcp
    (export "tcp-socket" (type $s (eq $tcp-socket)))
    (export "error-code" (type $c (eq $code)))
    (export "ip-address-family" (type $f (eq $family)))
    (export "create-tcp-socket" (func (param "address-family" $f) (result (result (own $s) (error $c)))))))
  (import "wasi:sockets/udp@0.2.12" (instance $udp (export "udp-socket" (type (sub resource)))))
  (alias export $udp "udp-socket" (type $udp-socket))
  (import "wasi:sockets/udp-create-socket@0.2.12" (instance $create-udp
    (export "udp-socket" (type $s (eq $udp-socket)))
    (export "error-code" (type $c (eq $code)))
    (export "ip-address-family" (type $f (eq $family)))
    (export "create-udp-socket" (func (param "address-family" $f) (result (result (own $s) (error $c)))))))
  (import "wasi:sockets/ip-name-lookup@0.2.12" (instance $lookup
    (export "resolve-address-stream" (type $stream (sub resource)))
    (export "network" (type $n (eq $net)))
    (export "error-code" (type $c (eq $code)))
    (export "resolve-addresses" (func
      (param "network" (borrow $n)) (param "name" string) (result (result (own $stream) (error $c)))))))

  (core module $memory (memory (export "memory") 1))
  (core instance $memory (instantiate $memory))
  (alias core export $memory "memory" (core memory $mem))
  (core func $network (canon lower (func $instance-network "instance-network")))
  (core func $create-tcp (canon lower (func $create-tcp "create-tcp-socket") (memory $mem)))
  (core func $create-udp (canon lower (func $create-udp "create-udp-socket") (memory $mem)))
  (core func $resolve (canon lower (func $lookup "resolve-addresses") (memory $mem)))

  (core module $m
    (import "host" "memory" (memory 1))
    (import "host" "network" (func $network (result i32)))
    (import "host" "create-tcp" (func $create-tcp (param i32 i32)))
    (import "host" "create-udp" (func $create-udp (param i32 i32)))
    (import "host" "resolve" (func $resolve (param i32 i32 i32 i32)))
    (data (i32.const 64) "example.org")

    ;; Traps unless the result at an address is an error with this code.
    (func $expect (param $result i32) (param $code i32)
      (if (i32.ne (i32.load8_u (local.get $result)) (i32.const 1)) (then unreachable))
      (if (i32.ne (i32.load8_u offset=4 (local.get $result)) (local.get $code)) (then unreachable)))

    (func (export "run") (result i32)
      (call $create-tcp (i32.const 0) (i32.const 0))
      (call $expect (i32.const 0) (i32.const 1))
      (call $create-tcp (i32.const 1) (i32.const 8))
      (call $expect (i32.const 8) (i32.const 1))
      (call $create-udp (i32.const 0) (i32.const 16))
      (call $expect (i32.const 16) (i32.const 1))
      (call $resolve (call $network) (i32.const 64) (i32.const 11) (i32.const 32))
      (call $expect (i32.const 32) (i32.const 20))
      (i32.const 0)))
  (core instance $i (instantiate $m (with "host" (instance
    (export "memory" (memory $mem))
    (export "network" (func $network))
    (export "create-tcp" (func $create-tcp))
    (export "create-udp" (func $create-udp))
    (export "resolve" (func $resolve))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
