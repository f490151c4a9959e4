;; expect: engine.component.refused
;; feature: gc
;; words: rec group usage requires `gc` proposal
;;
;; So do recursive type groups.
(component (core module (rec (type (func)) (type (func)))))
