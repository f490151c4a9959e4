;; expect: component.feature.async
;;
;; Depth hides nothing.
(component
  (type (instance
    (type (instance
      (type (future)))))))
