;; expect: engine.component.refused
;; feature: gc
;; words: gc support is not enabled
;;
;; References to small integers belong to garbage collection.
(component (core module (func (drop (ref.i31 (i32.const 0))))))
