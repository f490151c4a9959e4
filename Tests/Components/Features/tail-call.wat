;; expect: engine.component.refused
;; feature: tail-call
;; words: tail calls support is not enabled
;;
;; Frames of another shape, and no guest here needs them.
(component (core module (func $f return_call $f)))
