;; expect: engine.component.refused
;; feature: compact-imports
;; words: with compact imports proposal disabled
;;
;; Another spelling of the import section, which a reader could miss.
(component (core module (import "a" (item "b" (func)) (item "c" (func)))))
