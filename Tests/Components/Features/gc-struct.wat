;; expect: engine.component.refused
;; feature: gc
;; words: struct indexed types not supported without the gc feature
;;
;; A garbage collector is a large part of the engine that no guest here needs.
(component (core module (type (struct (field i32)))))
