;; expect: component.feature.compactImports
;;
;; Another spelling of the import section.
(component (core module (import "a" (item "b" (func)) (item "c" (func)))))
