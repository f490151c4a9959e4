;; expect: engine.component.refused
;; feature: always-off
;; words: shared-everything-threads
;;
;; There is no setter, and the library leaves it off.
(component (core module (type (shared (func)))))
